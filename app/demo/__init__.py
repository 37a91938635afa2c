"""The pretend school: its own process, folder, keys and cookie, beside any real one."""
