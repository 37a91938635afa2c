"""Is everything working: each part looked at in one sentence, with what to do. Changes nothing."""
