@echo off
rem Start Catkin on Windows; the settings are HOST, PORT, DATA_DIR, KEYS_DIR and DEMO.
set WHAT=%*
if "%~1"=="" set WHAT=run
where py >nul 2>nul
if %errorlevel%==0 (
  py -3 "%~dp0bootstrap.py" %WHAT%
) else (
  python "%~dp0bootstrap.py" %WHAT%
)
exit /b %errorlevel%
