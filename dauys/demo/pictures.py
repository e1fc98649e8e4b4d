"""Draws the invented photographs of appeals: schematic, small, with the word "invented" in a corner."""

from __future__ import annotations

import io
import math
from collections.abc import Callable
from random import Random

from PIL import Image, ImageDraw, ImageFilter, ImageFont

WIDTH, HEIGHT = 640, 480
MAX_BYTES = 60_000
Pen = ImageDraw.ImageDraw
Colour = tuple[int, int, int]


def draw(kind: str, seed: int) -> bytes:
    """JPEG bytes, at most 60 KB, of 640 × 480 points. An unknown kind gives a street scene."""
    chance = Random(f"{kind}:{seed}")
    image = Image.new("RGB", (WIDTH, HEIGHT))
    pen = ImageDraw.Draw(image)
    horizon = chance.randint(190, 250)
    _sky_and_ground(pen, chance, horizon, white=kind == "snow")
    _DRAWN.get(kind, _house)(pen, chance, horizon)
    image = image.rotate(chance.uniform(-2.5, 2.5), resample=Image.Resampling.BILINEAR, fillcolor=(120, 122, 124))
    image = image.filter(ImageFilter.GaussianBlur(chance.choice((0, 0.6, 1.1))))
    pen = ImageDraw.Draw(image)
    pen.rectangle((WIDTH - 98, HEIGHT - 28, WIDTH, HEIGHT), fill=(255, 255, 255))
    pen.text((WIDTH - 90, HEIGHT - 24), "invented", fill=(60, 60, 60), font=ImageFont.load_default(18))
    for quality in (82, 65, 45, 25):
        out = io.BytesIO()
        image.save(out, "JPEG", quality=quality, optimize=True)
        if out.tell() <= MAX_BYTES:
            break
    return out.getvalue()


def _shade(colour: Colour, by: int) -> Colour:
    red, green, blue = (max(0, min(255, part + by)) for part in colour)
    return red, green, blue


def _sky_and_ground(pen: Pen, chance: Random, horizon: int, *, white: bool) -> None:
    sky: Colour = chance.choice(((176, 203, 226), (203, 208, 212), (150, 170, 190), (226, 205, 188), (64, 74, 98)))
    ground: Colour = (228, 233, 238) if white else chance.choice(((122, 130, 96), (140, 126, 104), (104, 120, 84)))
    for line in range(HEIGHT):
        base, depth = (sky, line // 8) if line < horizon else (ground, -(line - horizon) // 9)
        pen.line((0, line, WIDTH, line), fill=_shade(base, depth))
    # Hills and a row of houses far away, so that two photographs of one thing differ.
    hills = [(x, horizon - 18 - int(26 * abs(math.sin(x / 110 + chance.random())))) for x in range(0, WIDTH + 40, 40)]
    pen.polygon([(0, horizon), *hills, (WIDTH, horizon)], fill=_shade(ground, -26))
    for _ in range(chance.randint(3, 7)):
        left, wide = chance.randint(-20, WIDTH), chance.randint(30, 80)
        top = horizon - chance.randint(18, 70)
        wall = chance.choice(((190, 176, 160), (170, 150, 140), (205, 200, 190)))
        pen.rectangle((left, top, left + wide, horizon + 4), fill=wall)
        pen.polygon([(left - 4, top), (left + wide // 2, top - 16), (left + wide + 4, top)], fill=(120, 84, 72))


def _asphalt(pen: Pen, chance: Random, horizon: int, colour: Colour = (92, 94, 98)) -> None:
    middle = WIDTH // 2 + chance.randint(-60, 60)
    pen.polygon([(middle - 26, horizon), (middle + 26, horizon), (WIDTH + 60, HEIGHT), (-60, HEIGHT)], fill=colour)
    for step in range(6):
        top = horizon + 12 + step * step * 8
        pen.polygon([(middle - 2, top), (middle + 2, top), (middle + 4, top + 10), (middle - 4, top + 10)],
                    fill=(215, 215, 205))  # fmt: skip


def _blob(pen: Pen, chance: Random, x: int, y: int, wide: int, high: int, fill: Colour) -> None:
    points = [
        (x + math.cos(turn / 9 * math.tau) * wide * chance.uniform(0.75, 1.15),
         y + math.sin(turn / 9 * math.tau) * high * chance.uniform(0.75, 1.15))
        for turn in range(9)
    ]  # fmt: skip
    pen.polygon(points, fill=fill)


def _road(pen: Pen, chance: Random, horizon: int) -> None:
    _asphalt(pen, chance, horizon)
    for _ in range(chance.randint(1, 4)):
        x, y = chance.randint(150, 490), chance.randint(horizon + 80, HEIGHT - 60)
        wide = int((y - horizon) * chance.uniform(0.25, 0.5))
        _blob(pen, chance, x, y, wide, wide // 3, (62, 60, 58))
        _blob(
            pen,
            chance,
            x + 4,
            y + 4,
            int(wide * 0.7),
            wide // 5,
            chance.choice(((48, 44, 40), (96, 108, 120))),
        )


def _snow(pen: Pen, chance: Random, horizon: int) -> None:
    _asphalt(pen, chance, horizon, (206, 211, 218))
    for _ in range(chance.randint(4, 8)):
        x, y = (
            chance.choice((chance.randint(0, 190), chance.randint(450, 640))),
            chance.randint(horizon + 40, HEIGHT),
        )
        _blob(pen, chance, x, y, chance.randint(50, 120), chance.randint(24, 60), chance.choice(
            ((246, 248, 250), (222, 228, 236), (198, 204, 212))))  # fmt: skip


def _puddle(pen: Pen, chance: Random, horizon: int) -> None:
    _asphalt(pen, chance, horizon, (120, 112, 100))
    x, y = chance.randint(240, 400), chance.randint(340, 400)
    water: Colour = chance.choice(((96, 112, 128), (110, 98, 74), (84, 100, 92)))
    _blob(pen, chance, x, y, chance.randint(150, 230), chance.randint(40, 70), water)
    _blob(pen, chance, x - 20, y - 6, 90, 18, _shade(water, 34))


def _pipe(pen: Pen, chance: Random, horizon: int) -> None:
    _blob(pen, chance, 320, 390, 210, 70, (74, 60, 46))
    y = chance.randint(360, 390)
    pen.line((110, y, 530, y + 12), fill=(130, 96, 74), width=30)
    pen.line((110, y - 7, 530, y + 5), fill=(168, 130, 104), width=7)
    x = chance.randint(240, 400)
    for _ in range(60):
        pen.line((x, y, x + chance.randint(-90, 90), y - chance.randint(30, 190)), fill=(205, 222, 235), width=2)


def _lamp(pen: Pen, chance: Random, horizon: int) -> None:
    pen.rectangle((0, 0, WIDTH, HEIGHT), fill=(26, 30, 44))
    _asphalt(pen, chance, horizon, (44, 46, 56))
    for step in range(3):
        x, base, scale = (
            120 + step * 170 + chance.randint(-20, 20),
            horizon + 190 - step * 60,
            1 - step * 0.25,
        )
        top = base - int(280 * scale)
        pen.line((x, base, x, top), fill=(88, 92, 104), width=max(3, int(8 * scale)))
        pen.line((x, top, x + int(50 * scale), top + 6), fill=(88, 92, 104), width=4)
        lit = chance.random() < 0.2
        pen.ellipse(
            (x + 36 * scale, top, x + 70 * scale, top + 20 * scale),
            fill=(252, 226, 140) if lit else (66, 68, 76),
        )


def _bin(pen: Pen, chance: Random, horizon: int) -> None:
    for step in range(chance.randint(2, 3)):
        x, y = 150 + step * 130, 250 + chance.randint(-6, 10)
        colour: Colour = chance.choice(((52, 104, 78), (70, 92, 128), (112, 116, 118)))
        pen.polygon([(x, y), (x + 110, y), (x + 98, y + 120), (x + 12, y + 120)], fill=colour)
        pen.rectangle((x - 4, y - 8, x + 114, y + 6), fill=_shade(colour, -24))
    _rubbish(pen, chance, 45)


def _rubbish(pen: Pen, chance: Random, pieces: int) -> None:
    for _ in range(pieces):
        x, y, size = chance.randint(80, 560), chance.randint(300, 450), chance.randint(8, 34)
        colour: Colour = chance.choice(((38, 38, 42), (224, 224, 220), (160, 60, 52), (70, 110, 170), (200, 180, 120)))
        _blob(pen, chance, x, y, size, int(size * 0.7), colour)


def _dump(pen: Pen, chance: Random, horizon: int) -> None:
    _blob(pen, chance, 320, 390, 260, 80, (96, 88, 76))
    _rubbish(pen, chance, 130)


def _house(pen: Pen, chance: Random, horizon: int) -> None:
    wall: Colour = chance.choice(((186, 178, 164), (168, 152, 136), (196, 190, 182)))
    pen.rectangle((90, 50, 550, 430), fill=wall)
    for row in range(4):
        for column in range(5):
            x, y = 118 + column * 86, 76 + row * 88
            pen.rectangle((x, y, x + 48, y + 54), fill=chance.choice(((74, 92, 112), (92, 104, 116), (222, 206, 150))))
    crack = [(chance.randint(220, 420), 50)]
    while crack[-1][1] < 420:
        crack.append((crack[-1][0] + chance.randint(-22, 22), crack[-1][1] + chance.randint(20, 46)))
    pen.line(crack, fill=(70, 62, 56), width=4)
    _blob(pen, chance, chance.randint(160, 480), chance.randint(90, 260), 60, 44, _shade(wall, -34))


def _bus(pen: Pen, chance: Random, horizon: int) -> None:
    _asphalt(pen, chance, horizon)
    pen.rectangle((70, 170, 190, 180), fill=(120, 124, 130))
    pen.line((80, 180, 80, 380), fill=(110, 112, 116), width=7)
    if chance.random() < 0.6:
        colour: Colour = chance.choice(((198, 70, 56), (58, 120, 160), (214, 170, 60)))
        pen.rectangle((240, 190, 560, 350), fill=colour)
        for column in range(5):
            pen.rectangle((254 + column * 60, 206, 300 + column * 60, 262), fill=(196, 214, 224))
        for x in (300, 500):
            pen.ellipse((x - 28, 325, x + 28, 381), fill=(40, 40, 42))


def _yard(pen: Pen, chance: Random, horizon: int) -> None:
    post: Colour = chance.choice(((176, 70, 60), (64, 110, 160), (210, 160, 60)))
    for x in (160, 400):
        pen.line((x, 190, x - 44, 410), fill=post, width=9)
        pen.line((x, 190, x + 44, 410), fill=post, width=9)
    pen.line((160, 190, 400, 190), fill=post, width=9)
    pen.line((230, 190, 222, 340), fill=(70, 70, 70), width=3)
    pen.line((268, 190, 300 + chance.randint(0, 60), 330), fill=(70, 70, 70), width=3)
    pen.line((206, 340, 262, chance.randint(346, 392)), fill=(130, 96, 60), width=10)


def _tree(pen: Pen, chance: Random, horizon: int) -> None:
    lean = chance.randint(-120, 120)
    pen.line((320, 440, 320 + lean, 150), fill=(92, 74, 58), width=30)
    for _ in range(16):
        x, y = 320 + lean + chance.randint(-120, 120), 150 + chance.randint(-80, 90)
        _blob(pen, chance, x, y, 44, 34, chance.choice(((72, 106, 62), (92, 122, 70), (122, 112, 70))))


def _dog(pen: Pen, chance: Random, horizon: int) -> None:
    _asphalt(pen, chance, horizon)
    for _ in range(chance.randint(2, 5)):
        x, y, size = chance.randint(90, 470), chance.randint(300, 400), chance.randint(44, 74)
        coat: Colour = chance.choice(((66, 54, 44), (150, 118, 84), (34, 34, 36), (190, 180, 164)))
        pen.ellipse((x, y, x + size * 1.6, y + size * 0.6), fill=coat)
        pen.ellipse((x + size * 1.4, y - size * 0.35, x + size * 2, y + size * 0.2), fill=coat)
        for leg in (0.2, 0.5, 1.0, 1.3):
            pen.line((x + size * leg, y + size * 0.5, x + size * leg, y + size * 1.1), fill=coat, width=7)
        pen.line((x, y + size * 0.2, x - size * 0.4, y - size * 0.2), fill=coat, width=6)


def _smoke(pen: Pen, chance: Random, horizon: int) -> None:
    for step in range(3):
        x = 170 + step * 130
        pen.polygon([(x, 110), (x + 30, 110), (x + 44, horizon + 10), (x - 14, horizon + 10)], fill=(120, 104, 98))
        for puff in range(10):
            tone = chance.randint(110, 190)
            right, top = x + 20 + puff * chance.randint(14, 24), 100 - puff * 6 + chance.randint(-14, 20)
            _blob(pen, chance, right, top, 26 + puff * 5, 18 + puff * 3, (tone, tone - 4, tone - 12))


def _river(pen: Pen, chance: Random, horizon: int) -> None:
    water: Colour = chance.choice(((96, 120, 140), (150, 116, 78), (110, 124, 100)))
    pen.polygon([(250, horizon), (380, horizon), (WIDTH, HEIGHT), (40, HEIGHT)], fill=water)
    for _ in range(26):
        x, y = chance.randint(150, 520), chance.randint(horizon + 30, HEIGHT - 20)
        pen.arc((x, y, x + 70, y + 14), 180, 350, fill=_shade(water, 40), width=2)
    _rubbish(pen, chance, 8)


def _pole(pen: Pen, chance: Random, horizon: int) -> None:
    lean = chance.randint(20, 90)
    pen.line((300, 450, 300 + lean, 60), fill=(110, 92, 74), width=16)
    pen.line((240 + lean, 90, 370 + lean, 76), fill=(110, 92, 74), width=9)
    for step in (0, 60, 120):
        sag = chance.randint(20, 120)
        pen.arc(
            (244 + lean + step - 420, 40 - sag, 250 + lean + step, 90 + sag),
            0,
            90,
            fill=(40, 40, 44),
            width=3,
        )
    pen.line((360 + lean, 80, 430 + lean, 430), fill=(40, 40, 44), width=3)


def _tap(pen: Pen, chance: Random, horizon: int) -> None:
    pen.rectangle((0, 0, WIDTH, HEIGHT), fill=chance.choice(((206, 212, 214), (214, 206, 194), (188, 202, 206))))
    pen.rectangle((210, 120, 250, 300), fill=(150, 156, 162))
    pen.line((230, 150, 390, 150), fill=(168, 174, 180), width=34)
    pen.line((384, 150, 384, 210), fill=(168, 174, 180), width=30)
    pen.ellipse((200, 70, 262, 126), fill=(120, 126, 132))
    water: Colour = chance.choice(((176, 128, 60), (150, 104, 52), (214, 226, 234)))
    if chance.random() < 0.75:
        pen.line((384, 212, 384, 390), fill=water, width=chance.randint(2, 14))
    pen.ellipse((250, 370, 520, 450), fill=(236, 236, 232))
    pen.ellipse((280, 384, 490, 438), fill=water)


def _thermometer(pen: Pen, chance: Random, horizon: int) -> None:
    pen.rectangle((0, 0, WIDTH, HEIGHT), fill=chance.choice(((214, 204, 186), (196, 206, 200), (222, 216, 208))))
    for fin in range(7):
        x = 90 + fin * 44
        pen.rounded_rectangle((x, 210, x + 36, 420), 10, fill=(238, 236, 230), outline=(196, 192, 186))
    pen.rounded_rectangle((460, 90, 520, 400), 20, fill=(250, 250, 248), outline=(120, 120, 120), width=3)
    level = chance.randint(240, 300)
    pen.rectangle((485, level, 495, 370), fill=(190, 50, 44))
    pen.ellipse((474, 360, 506, 392), fill=(190, 50, 44))
    for step in range(9):
        pen.line((462, 130 + step * 26, 476, 130 + step * 26), fill=(80, 80, 80), width=2)


def _paper(pen: Pen, chance: Random, horizon: int) -> None:
    pen.rectangle((0, 0, WIDTH, HEIGHT), fill=chance.choice(((128, 98, 74), (92, 96, 104), (150, 140, 126))))
    pen.polygon([(150, 40), (500, 56), (486, 450), (134, 436)], fill=(246, 245, 240))
    for line in range(15):
        y = 90 + line * 22
        pen.line((176, y, 176 + chance.randint(150, 280), y + 6), fill=(150, 150, 156), width=4)
    pen.ellipse((360, 350, 450, 430), outline=(80, 96, 170), width=5)


def _lift(pen: Pen, chance: Random, horizon: int) -> None:
    pen.rectangle((0, 0, WIDTH, HEIGHT), fill=(176, 170, 158))
    pen.rectangle((190, 40, 450, 450), fill=(120, 124, 128))
    gap = chance.randint(4, 46)
    pen.rectangle((320 - gap, 60, 320 + gap, 450), fill=(26, 26, 30))
    pen.rectangle((490, 220, 530, 300), fill=(210, 208, 200))
    pen.ellipse((500, 244, 520, 264), fill=(190, 60, 50))
    pen.polygon([(230, 150), (410, 162), (408, 232), (228, 220)], fill=(245, 244, 236))
    pen.line((246, 172, 392, 182), fill=(150, 40, 40), width=7)
    pen.line((246, 198, 350, 205), fill=(110, 110, 116), width=4)


def _coal(pen: Pen, chance: Random, horizon: int) -> None:
    for _ in range(170):
        y = chance.randint(260, 450)
        half = (y - 230) * 1.2
        x = int(320 + chance.uniform(-half, half))
        _blob(pen, chance, x, y, chance.randint(10, 26), chance.randint(8, 18), chance.choice(
            ((30, 30, 32), (46, 46, 50), (66, 66, 70))))  # fmt: skip


_DRAWN: dict[str, Callable[[Pen, Random, int], None]] = {
    "road": _road, "snow": _snow, "puddle": _puddle, "pipe": _pipe, "lamp": _lamp, "bin": _bin, "dump": _dump,
    "house": _house, "school": _house, "bus": _bus, "yard": _yard, "tree": _tree, "dog": _dog,
    "smoke": _smoke,
    "river": _river, "pole": _pole, "tap": _tap, "thermometer": _thermometer, "paper": _paper, "bill": _paper,
    "lift": _lift, "coal": _coal,
}  # fmt: skip
