"""Chats that people have linked, by what they do so, and how far we have read what comes from there."""

from django.db import models

from quartier.lib.fields import SealedText
from quartier.lib.ids import uuid7
from quartier.messaging.models.outbox import Message
from quartier.people.models import Person
from quartier.team.models import Organisation


class ChatLink(models.Model):
    """A chat in which somebody wants to be written to: one of each kind a person, and one person a chat.

    `address`: where we write (the id of a private chat with our bot; a Matrix room and who is in it with us), sealed;
    `name`: what they are called there. `dead_at`: since when it takes nothing more, because they have blocked us or
    have left; what is written there afterwards brings it back.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT)
    person = models.ForeignKey(Person, models.CASCADE, related_name="chats")
    channel = models.CharField(max_length=8, choices=Message.Channel)
    address = SealedText()
    address_index = models.CharField(max_length=43)
    name = SealedText(blank=True)
    linked_at = models.DateTimeField()
    dead_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["channel", "address_index"], name="chat_once"),
            models.UniqueConstraint(fields=["person", "channel"], name="chat_one_of_each"),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.linked_at}"


class ChatCode(models.Model):
    """By which somebody shows, from a chat, who they are: good once and for a short time. Only its hash is kept.

    `invite`: whom we invite to a room of ours, so that they can write it there; `tries`: how often we tried.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT)
    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    channel = models.CharField(max_length=8, choices=Message.Channel)
    code_hash = models.CharField(max_length=64, unique=True)
    invite = SealedText(blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    invited_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.channel} {self.created_at}"


class ChatFeed(models.Model):
    """How far we have read what comes from a chat provider, and which worker reads now. It holds nothing about
    anybody. `position`: as the provider counts; `handle`: what we are called there."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(max_length=20, unique=True)
    position = models.TextField(blank=True)
    handle = models.CharField(max_length=255, blank=True)
    claim = models.UUIDField(null=True)
    claimed_until = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name
