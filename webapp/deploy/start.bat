@echo off
chcp 65001 >nul
cd /d "%~dp0"
set "PY=python\python.exe"
if exist "%PY%" goto found
set "PY=py -@PYTHON@"
%PY% -c "" >nul 2>nul
if not errorlevel 1 goto found
echo 没有找到 Python @PYTHON@。请先安装本文件夹里的 Python 安装程序（python-@PYTHON@.x-amd64.exe），再双击本文件。
pause
exit /b 1

:found
if not exist "env\ok" goto install
env\Scripts\python -c "import webapp" >nul 2>nul
if not errorlevel 1 goto installed
:install
echo 正在安装，约一分钟，不需要网络……
%PY% -m venv --clear env
if errorlevel 1 goto failed
env\Scripts\python -m pip install --quiet --disable-pip-version-check --no-index --find-links wheels --no-deps --require-hashes -r wheels\windows.txt
if errorlevel 1 goto failed
env\Scripts\python -m pip install --quiet --disable-pip-version-check --no-index --find-links wheels --no-deps rostrum
if errorlevel 1 goto failed
echo ok> env\ok

:installed
if exist "data\rostrum.sqlite3" goto serve
echo 建立第一个账号（系统管理员），请记下密码：
env\Scripts\python -m webapp user add admin --role admin --data data
if errorlevel 1 goto failed
pause

:serve
env\Scripts\python -c "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/healthz', timeout=3)" >nul 2>nul
if not errorlevel 1 goto running
start "" http://127.0.0.1:8000/login
env\Scripts\python -m webapp serve --data data
if errorlevel 1 goto failed
pause
exit /b 0

:running
echo Rostrum 已经在运行，浏览器会打开它。要停止，请关掉它的窗口。
start "" http://127.0.0.1:8000/login
pause
exit /b 0

:failed
echo 没有完成。请把上面的话拍下来发给技术支持。
pause
exit /b 1
