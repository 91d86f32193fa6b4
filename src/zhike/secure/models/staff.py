"""The people of the house: staff and the teams they sit in."""

from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from zhike.kit import clock


class Team(models.Model):
    """A branch, outlet or department; teams form a tree."""

    name = models.CharField(max_length=80, unique=True)
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="children")


class StaffDirectory(BaseUserManager["Staff"]):
    """Creates staff with a hashed password (Django asks for this class by its role)."""

    def create_user(self, email: str, password: str | None = None, **values: Any) -> "Staff":
        """A member of staff; no password means one that matches nothing."""
        person = self.model(email=self.normalize_email(email).casefold(), **values)
        person.set_password(password)
        person.save(using=self._db)
        return person


class Staff(AbstractBaseUser):
    """One person who signs in; the e-mail address is the user name."""

    email = models.EmailField(unique=True)
    display_name = models.CharField(max_length=80)
    team = models.ForeignKey(Team, null=True, blank=True, on_delete=models.SET_NULL, related_name="members")
    roles = models.ManyToManyField("secure.Role", related_name="members", blank=True)
    locale = models.CharField(max_length=10, default="zh-hans")
    theme = models.CharField(max_length=8, default="auto")
    density = models.CharField(max_length=12, default="comfortable")
    is_active = models.BooleanField(default=True)
    disabled_at = models.DateTimeField(null=True, blank=True)
    invited_at = models.DateTimeField(null=True, blank=True)
    joined_at = models.DateTimeField(null=True, blank=True)
    password_changed_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=clock.now)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["display_name"]
    objects = StaffDirectory()

    def __str__(self) -> str:
        return self.display_name or self.email

    def get_full_name(self) -> str:
        """The name colleagues see."""
        return self.display_name
