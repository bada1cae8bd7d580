@echo off
chcp 65001 >nul
cd /d "%~dp0"
set "PY=python\python.exe"
if exist "%PY%" goto found
set "PY=py -@PYTHON@"
%PY% -c "" >nul 2>nul
if not errorlevel 1 goto found
set "PY=python"
%PY% -c "import sys; sys.exit(not sys.version.startswith('@PYTHON@.'))" >nul 2>nul
if not errorlevel 1 goto found
echo 没有找到 Python @PYTHON@。请先安装本文件夹里的 Python 安装程序（python-@PYTHON@.x-amd64.exe），再双击本文件。
pause
exit /b 1

:found
%PY% install.py
if errorlevel 3 goto busy
if errorlevel 1 goto failed
env\Scripts\python -m webapp serve --open --data data %*
if errorlevel 1 goto failed
pause
exit /b 0

:busy
pause
exit /b 0

:failed
echo 没有完成。请把上面的话拍下来发给技术支持。
pause
exit /b 1
