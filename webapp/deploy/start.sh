#!/bin/sh
# 双击或在终端运行；第一次会安装，不需要网络。
set -e
cd "$(dirname "$0")"
py=
for name in python/bin/python3 python@PYTHON@ python3; do
  if "$name" -c 'import sys; sys.exit("%d.%d" % sys.version_info[:2] != "@PYTHON@")' 2>/dev/null; then py=$name; break; fi
done
if [ -z "$py" ]; then echo "没有找到 Python @PYTHON@。请先安装 python@PYTHON@ 和 python@PYTHON@-venv。"; exit 1; fi
"$py" install.py
exec env/bin/python -m webapp serve --open --data data "$@"
