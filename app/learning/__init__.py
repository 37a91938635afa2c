"""The room of playing: runs through lessons and quizzes, answers, and what they show."""
