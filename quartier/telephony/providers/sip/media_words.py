"""What rtpengine is asked for, in its own words: kinds of legs, and whom it believes."""

from typing import Any

# A leg keeps its own ports until its end, whoever it talks with: rtpengine otherwise takes new ones for each new place,
# and a phone would be sent to from another port than we have told it, which carriers may drop (symmetric RTP).
SAME_PORTS = ["port-latching"]
PLAIN_PHONE: dict[str, Any] = {
    "transport-protocol": "RTP/AVP",
    "ICE": "remove",
    "flags": SAME_PORTS,
    "replace": ["origin"],
}
# What a browser needs: encryption by DTLS, ICE, one port for everything.
BROWSER = {
    "transport-protocol": "UDP/TLS/RTP/SAVPF",
    "ICE": "force",
    "rtcp-mux": ["offer", "require"],
    "SDES": ["off"],
    "flags": ["generate-mid", "trust-address", *SAME_PORTS],
    "replace": ["origin"],
}
# What a carrier needs over TLS: keys in the description (RFC 4568), of the suites that everybody has.
SEALED_PHONE = {
    "transport-protocol": "RTP/SAVP",
    "ICE": "remove",
    "DTLS": "off",
    "SDES": ["only-AES_256_CM_HMAC_SHA1_80", "only-AES_CM_128_HMAC_SHA1_80", "only-AES_CM_128_HMAC_SHA1_32"],
    "flags": SAME_PORTS,
    "replace": ["origin"],
}
# One stream of rtpengine's own towards whoever sends the message that says so; it stays until the leg ends.
STEADY_STREAM = {"audio-player": "always"}
# The inner side speaks A-law, whatever the phone speaks; phones that we ring may choose one of both.
INTO_ALAW = {"codec": {"transcode": ["PCMA"]}}
OUT_OF_ALAW = {"codec": {"transcode": ["PCMU"]}}
SEALED_PROTOCOLS = {"RTP/SAVP", "RTP/SAVPF", "UDP/TLS/RTP/SAVP", "UDP/TLS/RTP/SAVPF"}
# Our own side: heard from where it points and from nowhere else. rtpengine otherwise believes the first packets of the
# first seconds: two legs that are parted then would find each other again by what was still on its way.
EXACT_FLAGS = ["strict-source"]
EXACT: dict[str, Any] = {"endpoint-learning": "off"}
# A telephone whose sound is not encrypted is heard so too: who may send to its port would speak and press keys in its
# call otherwise, and ports are open to all.
EXACT_PHONE: dict[str, Any] = {**EXACT, "flags": [*SAME_PORTS, *EXACT_FLAGS]}
# For a moment, in which the leg neither says nor hears anything, rtpengine shows who has sent to its port last.
SHOWING_SOURCES: dict[str, Any] = {**EXACT, "flags": [*SAME_PORTS, "media-handover"]}
