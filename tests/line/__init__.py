"""Tests of the phone line with real phones: callers, operators and trunks that speak SIP on the loopback interface."""
