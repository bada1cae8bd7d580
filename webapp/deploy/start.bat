@echo off
chcp 65001 >nul
cd /d "%~dp0"
set "PY="
if exist "python\python.exe" set "PY=python\python.exe"
if not defined PY py -@PYTHON@ -c "" >nul 2>nul && set "PY=py -@PYTHON@"
if not defined PY (
  echo 没有找到 Python @PYTHON@。请先安装本文件夹里的 Python 安装程序（python-@PYTHON@.x-amd64.exe），再双击本文件。
  pause
  exit /b 1
)
if not exist "env\ok" (
  echo 第一次启动：正在安装，约一分钟，不需要网络……
  %PY% -m venv env || goto failed
  env\Scripts\python -m pip install --quiet --disable-pip-version-check --no-index --find-links wheels --no-deps --require-hashes -r wheels\windows.txt || goto failed
  env\Scripts\python -m pip install --quiet --disable-pip-version-check --no-index --find-links wheels --no-deps rostrum || goto failed
  echo ok> env\ok
)
if not exist "data\rostrum.sqlite3" (
  echo 建立第一个账号（系统管理员），请记下密码：
  env\Scripts\rostrum user add admin --role admin --data data || goto failed
  pause
)
start "" http://127.0.0.1:8000/login
env\Scripts\rostrum serve --data data
pause
exit /b 0
:failed
echo 没有完成。请把上面的话拍下来发给技术支持。
pause
exit /b 1
