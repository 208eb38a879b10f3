"""The listening programme, for supervisors; coordinators and administrators see that it runs."""
