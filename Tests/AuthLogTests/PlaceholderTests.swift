import AuthLog
