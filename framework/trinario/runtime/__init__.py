"""The process: settings, time, chance, logs, numbers; build.py knows every concrete class."""
