"""The room of lessons and quizzes: files in, checked and frozen values out."""
