"""Settings: where they come from, and what wrong ones do."""

from __future__ import annotations

from pathlib import Path

import pytest
from lsprotocol import types

from leakline.lsp.settings import Settings, read_settings
from lsp.editor import open_editor, until


def test_defaults_stand_where_nothing_is_set() -> None:
    for raw in (None, {}, {"url": None, "trace": {"server": "off"}}):
        assert read_settings(raw, Settings()) == (Settings(), "")
    assert Settings() == Settings(
        url="http://127.0.0.1:8787/{i}",
        inspect="127.0.0.1:9229",
        requests=100,
        rounds=3,
        redact_values=True,
    )


@pytest.mark.parametrize("inspect", ["[::1]:9229", "localhost:1", "ws://127.0.0.1:9229/ab-cd"])
def test_all_forms_of_address_are_accepted(inspect: str) -> None:
    settings, wrong = read_settings({"inspect": inspect}, Settings())
    assert (settings.inspect, wrong) == (inspect, "")


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("url", "127.0.0.1:8787"),
        ("url", "file:///etc/passwd"),
        ("inspect", 9229),
        ("inspect", "no port"),
        ("requests", 0),
        ("requests", "100"),
        ("requests", True),
        ("rounds", 1.5),
        ("rounds", 101),
        ("redactValues", "no"),
    ],
)
def test_a_wrong_one_falls_back_alone(key: str, value: object) -> None:
    settings, wrong = read_settings({"requests": 5, "rounds": 2, key: value}, Settings())
    assert wrong.startswith(f"leakline.{key} must be ")
    assert getattr(settings, {"redactValues": "redact_values"}.get(key, key)) == getattr(
        Settings(), {"redactValues": "redact_values"}.get(key, key)
    )
    assert 5 in (settings.requests, 5 if key == "requests" else None)


def test_no_object_at_all_is_said_too() -> None:
    assert read_settings([1], Settings())[1] == (
        "the settings under leakline must be an object; they are left out"
    )


async def test_changes_take_effect_at_once_and_wrong_ones_are_said_once(
    workspace: Path,
) -> None:
    async with open_editor(workspace, settings={"rounds": 0, "requests": -1}) as editor:

        def change(settings: object) -> None:
            editor.client.set_configuration({"leakline": settings})
            editor.client.workspace_did_change_configuration(
                types.DidChangeConfigurationParams(settings=None)
            )

        await until(editor.messages)
        (message,) = editor.messages()
        assert message == (
            "leakline.requests must be a whole number from 1 to 1000000 (100 is used); "
            "leakline.rounds must be a whole number from 1 to 100 (3 is used)"
        )
        assert editor.client.messages[0].type == types.MessageType.Warning
        change({"rounds": 0, "requests": -1})
        change({"url": "http://127.0.0.1:1/leak", "requests": 11, "rounds": 5})
        await editor.request("leakline/summary")
        await editor.request("leakline/measure")
        reports = next(iter(editor.client.progress_reports.values()))
        assert any(
            getattr(report, "message", "") == "round 1 of 5: sending 11 requests"
            for report in reports
        )
        assert len(editor.messages()) == 1


async def test_a_client_that_cannot_be_asked_sends_them(workspace: Path) -> None:
    async with open_editor(
        workspace,
        capabilities=types.ClientCapabilities(),
        options={"url": "http://127.0.0.1:1/mended", "requests": 9},
    ) as editor:
        assert (await editor.request("leakline/measure")).findings == 0
        editor.client.workspace_did_change_configuration(
            types.DidChangeConfigurationParams(
                settings={"leakline": {"url": "http://127.0.0.1:1/leak"}}
            )
        )
        assert (await editor.request("leakline/measure")).findings == 2
