"""Keys of an input that say how to read it, held to the formats that are found: what a config cannot know."""

from __future__ import annotations

from collections.abc import Sequence

from builder.config.check import INPUT_KEYS
from builder.config.models import InputSpec, LoadedConfig
from builder.errors import ConfigError
from builder.records import Dump


def refuse_idle_keys(loaded: LoadedConfig, dumps: Sequence[Dump], specs: Sequence[InputSpec]) -> None:
    """Refuse a key that nothing of what its input names has a use for; `specs`: the input that names each dump.

    A pattern may name dumps of several formats, and a key be for some of them. What cannot be read may be of any.

    Raises:
        ConfigError: with the place of the input.

    """
    for number, spec in enumerate(loaded.job.inputs):
        formats = {dump.format for dump, named_by in zip(dumps, specs, strict=True) if named_by == spec}
        for key, kinds in INPUT_KEYS.items():
            if key in spec.model_fields_set and formats.isdisjoint((*kinds, "unreadable")) and formats:
                raise ConfigError(
                    f"{loaded.inputs_at[number]}: inputs.{number}.{key}: only for {', '.join(kinds)}; "
                    f"all that {spec.path!r} names is {', '.join(sorted(formats))}; leave the key out"
                )
