"""What is said to a model where it is more than text: a list of parts, each with one field.

`"Which city is ${photo}?"` with an image `photo` is `[{ text: "Which city is " }, { image: photo }, { text: "?" }]`. The part
is the path of a file; whoever asks the model reads it.
"""

from __future__ import annotations

from symphony_dsl.base.types import AUDIO, FILE, IMAGE, STRING, Field, ListType, OptionalType, RecordType, Type

TEXT = "text"
MEDIA: dict[Type, str] = {IMAGE: "image", AUDIO: "audio", FILE: "file"}
"""The field of a part, by the type of what is in it."""

PART = RecordType(
    (
        Field(TEXT, OptionalType(STRING)),
        *(Field(name, OptionalType(of)) for of, name in MEDIA.items()),
    ),
    "part",
)
PARTS = ListType(PART)
"""The type of a prompt that is not a string."""
