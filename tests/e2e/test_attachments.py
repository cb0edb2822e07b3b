"""Photos and documents in the browser, from the paperclip to the log after a reload.

The real service with a fake dialogue; where it has no route for attachments yet, the stand-in.
"""

import json
import os
import re
import subprocess
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, Route, WebSocketRoute, expect

from guichet.app import create_app
from guichet.settings import Settings
from tests.api.conftest import FakeRasa, serve
from tests.conftest import ROOT
from tests.e2e.files import pdf, picture
from tests.e2e.proxy import proxied
from tests.e2e.widget import Widget

UPLOADS = "**/chat/attachments"
CONTENTS = "**/chat/attachments/*"
DONE = re.compile("done")
OTHERS_FILE = {
    "id": "6f1c1d9e-3a55-4a0e-9d6c-000000000001",
    "name": "étiquette.png",
    "media_type": "image/png",
    "size": 900,
    "width": 40,
    "height": 30,
}


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a shop whose chat takes files."""
    url = f"sqlite+aiosqlite:///{tmp_path_factory.mktemp('attachments')}/guichet.db"
    command = [ROOT / ".venv" / "bin" / "guichet", "demo", "load"]
    subprocess.run(command, env=os.environ | {"GUICHET_DATABASE_URL": url}, cwd=ROOT, check=True, capture_output=True)
    with serve(create_app(Settings(database_url=url, faq_dir=ROOT / "faq", action_secret="test-secret", demo=True), FakeRasa())) as service:
        yield service.url


@pytest.fixture
def chat(page: Page, shop: str) -> Widget:
    """The chat, open."""
    page.goto(shop)
    widget = Widget(page)
    widget.open()
    return widget


def expect_arrived(widget: Widget, count: int = 1) -> None:
    expect(widget.chips).to_have_count(count)
    for chip in widget.chips.all():
        expect(chip).to_have_attribute("data-state", DONE)


def expect_received(widget: Widget) -> None:
    expect(widget.by("customer").last).to_have_attribute("data-delivery", "received")


def expect_drawn(widget: Widget, width: int, position: int = 0) -> None:
    """The thumbnail shows a picture that is ``width`` pixels wide."""
    image = widget.pictures.nth(position).locator("img")
    expect(image).to_have_js_property("naturalWidth", width)


def hold(page: Page, pattern: str) -> list[Route]:
    """Keep requests waiting."""
    held: list[Route] = []
    page.route(pattern, lambda route: held.append(route))  # a method of list cannot be wrapped
    return held


def awaited(page: Page, held: list[Route]) -> list[Route]:
    """The kept requests, once there is one."""
    while not held:
        page.wait_for_timeout(20)
    return held


def give(page: Page, kind: str, *files: Any) -> None:
    """Paste files into, or drop them on, the chat."""
    given = [{"name": each["name"], "type": each["mimeType"], "bytes": list(each["buffer"])} for each in files]
    page.evaluate(
        """([kind, given]) => {
          const data = new DataTransfer();
          for (const { name, type, bytes } of given) data.items.add(new File([new Uint8Array(bytes)], name, { type }));
          const root = document.querySelector('guichet-chat').shadowRoot;
          const fire = (selector, event) => root.querySelector(selector).dispatchEvent(event);
          const options = { bubbles: true, cancelable: true };
          if (kind === 'paste') fire('textarea', new ClipboardEvent(kind, { ...options, clipboardData: data }));
          else fire(kind === 'drop' ? '.drop' : '.log', new DragEvent(kind, { ...options, dataTransfer: data }));
        }""",
        [kind, given],
    )


def test_files_chosen_with_the_button_are_in_the_log_after_a_reload(chat: Widget) -> None:
    expect(chat.attach_button).to_have_accessible_name("Joindre une photo ou un PDF")
    box = chat.attach_button.bounding_box()
    assert box is not None
    assert min(box["width"], box["height"]) >= 24
    chat.attach(picture(), pdf())
    expect_arrived(chat, 2)
    expect(chat.chips.last).to_contain_text("facture.pdf")
    expect(chat.chips.last).to_contain_text(re.compile(r"120\sko"))
    chat.input.fill("voici la perceuse et la facture")
    message = chat.send()
    expect(message).to_contain_text("voici la perceuse et la facture")
    expect_received(chat)
    expect(chat.chips).to_have_count(0)
    chat.page.reload()
    expect_drawn(chat, 320)
    expect(chat.pictures.locator("img")).to_have_attribute("alt", re.compile("perceuse"))
    expect(chat.pictures).to_have_count(1)
    with chat.page.expect_download() as download:
        chat.documents.get_by_role("button", name="Télécharger").click()
    assert download.value.suggested_filename == "facture.pdf"
    assert download.value.path().read_bytes() == pdf()["buffer"]


def test_a_message_may_be_nothing_but_a_picture(chat: Widget) -> None:
    send = chat.page.get_by_test_id("guichet-send")
    expect(send).to_be_disabled()
    chat.attach(picture())
    expect(send).to_be_enabled()
    chat.send()
    expect_received(chat)
    expect(send).to_be_disabled()
    expect(chat.by("customer").last.locator(".bubble")).to_have_count(0)


def test_a_large_photo_is_shrunk_before_it_leaves(chat: Widget) -> None:
    sizes: list[int] = []
    chat.page.on("request", lambda request: sizes.append(len(request.post_data_buffer or b"")) if request.method == "POST" else None)
    original = picture(width=4000, height=1000, kind="PNG")
    chat.attach(original)
    expect_arrived(chat)
    chat.send()
    expect_received(chat)
    chat.page.reload()
    expect_drawn(chat, 2048)
    assert len(sizes) == 1


def test_a_pasted_picture_is_attached(chat: Widget) -> None:
    give(chat.page, "paste", picture("image.png", kind="PNG"))
    expect_arrived(chat)
    expect(chat.input).to_have_value("")


def test_files_dropped_on_the_panel_are_attached(chat: Widget) -> None:
    zone = chat.page.get_by_test_id("guichet-drop")
    give(chat.page, "dragenter", picture())
    expect(zone).to_be_visible()
    give(chat.page, "drop", picture(), pdf())
    expect(zone).to_be_hidden()
    expect_arrived(chat, 2)


def test_a_cancelled_upload_is_not_sent(chat: Widget) -> None:
    held = hold(chat.page, UPLOADS)
    chat.attach(picture("oui.jpg"), picture("non.jpg"))
    expect(chat.chips.last).to_have_attribute("data-state", "sending")
    chat.page.get_by_role("button", name="Retirer non.jpg").click()
    expect(chat.chips).to_have_count(1)
    expect(chat.attach_button).to_be_focused()
    for route in awaited(chat.page, held):
        if b"oui.jpg" in (route.request.post_data_buffer or b""):
            route.continue_()
    expect_arrived(chat)
    chat.send()
    expect_received(chat)
    expect(chat.pictures).to_have_count(1)


def test_what_cannot_be_attached_is_refused_with_a_reason(chat: Widget) -> None:
    chat.attach(pdf("scan.pdf", 10 * 1024**2 + 1), {"name": "notes.txt", "mimeType": "text/plain", "buffer": b"x"})
    expect(chat.notice).to_contain_text(re.compile(r"scan\.pdf dépasse 10\sMo"))
    expect(chat.notice).to_contain_text("notes.txt n’a pas été joint")
    expect(chat.chips).to_have_count(0)


def test_a_message_takes_five_files(chat: Widget) -> None:
    chat.attach(*(picture(f"photo-{number}.jpg") for number in range(7)))
    expect(chat.notice).to_contain_text("cinq fichiers au plus")
    expect_arrived(chat, 5)


def test_the_server_s_refusal_is_shown_and_leaves_the_others_alone(chat: Widget) -> None:
    chat.attach(picture())
    expect_arrived(chat)
    body = {"error": "unreadable_attachment", "detail": "Cette image est endommagée."}
    chat.page.route(UPLOADS, lambda route: route.fulfill(status=422, json=body))
    chat.attach({"name": "abimee.jpg", "mimeType": "image/jpeg", "buffer": b"no picture"})
    expect(chat.chips.last).to_contain_text("Cette image est endommagée.")
    expect(chat.chips.last.get_by_role("button", name="Réessayer")).to_be_hidden()
    chat.send()
    expect_received(chat)
    expect(chat.pictures).to_have_count(1)
    expect(chat.chips).to_have_count(1)


def test_the_keyboard_is_enough(chat: Widget) -> None:
    page = chat.page
    chat.input.focus()
    page.keyboard.press("Shift+Tab")
    expect(chat.attach_button).to_be_focused()
    with page.expect_file_chooser() as chooser:
        page.keyboard.press("Enter")
    chooser.value.set_files([picture()])
    expect_arrived(chat)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect_received(chat)
    chat.pictures.focus()
    page.keyboard.press("Enter")
    view = page.get_by_test_id("guichet-view")
    expect(view).to_be_visible()
    expect(page.get_by_test_id("guichet-close-picture")).to_be_focused()
    page.keyboard.press("Escape")
    expect(view).to_have_count(0)
    expect(chat.pictures).to_be_focused()
    expect(page.get_by_test_id("guichet-panel")).to_be_visible()


def test_an_upload_cut_by_the_network_goes_on_when_it_is_back(page: Page, shop: str) -> None:
    with proxied(shop) as (network, url):
        page.goto(url)
        chat = Widget(page)
        chat.open()
        network.cut()
        expect(page.get_by_test_id("guichet-offline")).not_to_be_empty()
        chat.attach(picture())
        expect(chat.chips).to_contain_text("Connexion interrompue")
        chat.chips.get_by_role("button", name="Réessayer").click()
        expect(chat.chips).to_have_attribute("data-state", "failed")
        chat.input.fill("la photo suit")
        chat.send()
        expect(chat.by("customer").last).to_contain_text("Connexion interrompue")
        network.mend()
        expect(chat.by("customer").last).to_have_attribute("data-delivery", "received", timeout=40_000)
        page.reload()
        expect_drawn(chat, 320)
        expect(chat.by("customer")).to_have_count(1)


def test_a_failed_upload_is_tried_again(chat: Widget) -> None:
    chat.page.route(UPLOADS, lambda route: route.fulfill(status=503, body="no"), times=1)
    chat.attach(picture())
    expect(chat.chips).to_have_attribute("data-state", "failed")
    chat.chips.get_by_role("button", name="Réessayer").click()
    expect_arrived(chat)


def test_a_message_waits_for_its_files(chat: Widget) -> None:
    held = hold(chat.page, UPLOADS)
    chat.attach(picture())
    expect(chat.chips).to_have_attribute("data-state", "sending")
    chat.input.fill("la voici")
    expect(chat.send()).to_contain_text("Envoi…")
    expect_drawn(chat, 320)
    awaited(chat.page, held)[0].continue_()
    expect_received(chat)


def test_a_message_loses_only_what_had_not_arrived_before_a_reload(chat: Widget) -> None:
    chat.attach(picture("arrivee.jpg"))
    expect_arrived(chat)
    hold(chat.page, UPLOADS)
    chat.attach(picture("perdue.jpg"))
    expect(chat.chips.last).to_have_attribute("data-state", "sending")
    chat.input.fill("les deux photos")
    chat.send()
    chat.page.reload()
    chat.page.unroute(UPLOADS)
    message = chat.messages.last
    expect(message).to_contain_text("L’envoi de perdue.jpg a été interrompu")
    expect(chat.messages.first).to_have_attribute("data-author", "bot")
    expect(message).not_to_contain_text("arrivee")
    message.get_by_role("button", name="Envoyer le reste").click()
    expect_received(chat)
    expect(message).to_contain_text("les deux photos")
    expect(chat.pictures).to_have_count(1)


def test_a_message_that_is_only_a_lost_file_can_be_given_up(chat: Widget) -> None:
    hold(chat.page, UPLOADS)
    chat.attach(picture("perdue.jpg"))
    chat.send()
    chat.page.reload()
    chat.page.unroute(UPLOADS)
    chat.by("customer").get_by_role("button", name="Retirer").click()
    expect(chat.by("customer")).to_have_count(0)
    chat.page.reload()
    expect(chat.by("bot")).to_have_count(1)
    expect(chat.by("customer")).to_have_count(0)


def test_an_unsent_message_keeps_its_files_over_a_reload(page: Page, shop: str) -> None:
    swallowing = [True]

    def relay(socket: WebSocketRoute) -> None:
        server = socket.connect_to_server()
        socket.on_message(lambda frame: None if swallowing[0] and json.loads(frame)["type"] == "message" else server.send(frame))

    page.route_web_socket("**/chat/socket", relay)
    page.goto(shop)
    chat = Widget(page)
    chat.open()
    chat.attach(picture())
    expect_arrived(chat)
    chat.send()
    swallowing[0] = False
    page.reload()
    expect_received(chat)
    expect_drawn(chat, 320)


def test_files_of_other_authors_are_shown_and_tried_again_when_missing(page: Page, shop: str) -> None:
    def with_files(frame: str | bytes) -> str:
        event = json.loads(frame)
        return json.dumps(event | ({"attachments": [OTHERS_FILE]} if event["type"] == "message" else {}))

    def relay(socket: WebSocketRoute) -> None:
        server = socket.connect_to_server()
        socket.on_message(server.send)
        server.on_message(lambda frame: socket.send(with_files(frame)))

    page.route_web_socket("**/chat/socket", relay)
    page.route(CONTENTS, lambda route: route.fulfill(status=404, json={"error": "unknown_attachment", "detail": "Introuvable."}), times=1)
    page.goto(shop)
    chat = Widget(page)
    chat.open()
    expect(chat.by("bot").locator("button", has_text="Image indisponible")).to_be_visible()
    authorizations: list[str] = []

    def content(route: Route) -> None:
        authorizations.append(route.request.headers["authorization"])
        route.fulfill(body=picture(kind="PNG", width=40, height=30)["buffer"], content_type="image/png")

    page.route(CONTENTS, content)
    chat.pictures.click()
    expect_drawn(chat, 40)
    assert authorizations == ["Bearer " + page.evaluate("localStorage['guichet:token']")]


def test_the_conversation_is_sent_by_mail(chat: Widget) -> None:
    page = chat.page
    asked: list[Any] = []
    answers = [(429, {"error": "too_many_mails", "detail": "Trop d’envois à cette adresse."}), (202, {})]

    def transcript(route: Route) -> None:
        asked.append(route.request.post_data_json)
        status, body = answers.pop(0)
        route.fulfill(status=status, json=body)

    page.route("**/chat/transcript", transcript)
    page.get_by_test_id("guichet-menu").click()
    page.get_by_role("button", name="Recevoir la conversation par e-mail").click()
    email = page.get_by_label("Votre adresse e-mail")
    expect(email).to_be_focused()
    email.fill("marie@")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("Indiquez une adresse complète")
    assert asked == []
    email.fill("marie@example.com")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("Trop d’envois")
    page.get_by_test_id("guichet-send-mail").click()
    expect(chat.notice).to_contain_text("marie@example.com")
    expect(email).to_be_hidden()
    assert asked == [{"email": "marie@example.com"}] * 2


def test_a_new_conversation_takes_along_the_files_that_were_not_sent(chat: Widget) -> None:
    chat.attach(picture())
    expect_arrived(chat)
    chat.page.get_by_test_id("guichet-menu").click()
    chat.page.get_by_test_id("guichet-restart").click()
    expect(chat.by("bot")).to_have_count(1)
    expect_arrived(chat)
    chat.send()
    expect_received(chat)
    expect(chat.pictures).to_have_count(1)


def test_an_erased_conversation_leaves_no_file_and_begins_afresh(chat: Widget) -> None:
    chat.attach(picture())
    expect_arrived(chat)
    chat.send()
    expect_received(chat)
    chat.attach(pdf())
    chat.page.get_by_test_id("guichet-menu").click()
    chat.page.get_by_test_id("guichet-erase").click()
    expect(chat.launcher).to_be_visible()
    assert chat.page.evaluate("localStorage.length") == 0
    chat.open()
    expect(chat.messages).to_have_count(1)
    expect(chat.chips).to_have_count(0)


@pytest.mark.parametrize("width", [320, 768, 1440])
def test_files_fit_every_screen(page: Page, shop: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 640})
    page.goto(shop)
    chat = Widget(page)
    chat.open()
    chat.attach(picture("photo au nom vraiment très long, prise hier matin dans l’atelier.jpg"), picture(), pdf())
    expect_arrived(chat, 3)
    chat.send()
    expect_received(chat)
    panel, log = page.get_by_test_id("guichet-panel").bounding_box(), page.get_by_test_id("guichet-log")
    assert panel is not None
    assert panel["width"] <= width
    assert log.evaluate("node => node.scrollWidth - node.clientWidth") == 0
    assert page.evaluate("document.documentElement.scrollWidth") <= width
