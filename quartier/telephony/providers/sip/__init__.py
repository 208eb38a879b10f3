"""The line on the group's own parts: Kamailio at the edge, sippy for SIP, rtpengine for sound (decision 0019)."""
