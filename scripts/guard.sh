#!/bin/sh
# guard.sh PID [FOLDER]
# Outlives whoever started it and cleans up after it: when standard input ends, that process is gone, even by kill -9.
# PID is a process, or a process group where it is negative; 0 is none.
trap '' HUP INT TERM
while read -r _; do :; done
if [ "$1" != 0 ] && kill -s TERM -- "$1" 2>/dev/null; then
  tries=0
  while [ $tries -lt 100 ] && kill -s 0 -- "$1" 2>/dev/null; do
    sleep 0.1
    tries=$((tries + 1))
  done
  kill -s KILL -- "$1" 2>/dev/null
fi
[ -z "$2" ] || rm -rf -- "$2"
