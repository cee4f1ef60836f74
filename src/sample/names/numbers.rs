use super::ask::{Ask, Senses};
use super::spans;
use super::subject::{self, Subject};
use super::words::singular;
use crate::sample::draw::Draw;
use serde_json::Value;

/// How many of something are sold.
pub(super) const QUANTITY: &str = "quantity, qty, item quantity, order quantity, menge, anzahl, \
    stuckzahl, quantite, cantidad, quantita, quantidade, aantal, hoeveelheid";
/// How many there are in a list.
pub(super) const COUNT: &str = "count, total count, total results, total elements, total items, \
    total records, total hits, result count, results count, total size, record count, num items, \
    item count";

/// Names of numbers: how many, how much, how long, and the bounds of something.
pub(super) const NUMBERS: Senses = &[
    (QUANTITY, |ask, _| ask.integer(ask.persona.money.quantity)),
    ("units, seats, guests", |ask, _| {
        ask.integer(ask.persona.money.quantity)
    }),
    (
        "adults, number of adults, adult count, num adults, erwachsene, adultes, adultos",
        |ask, draw| ask.between(1, 2, draw),
    ),
    (
        "children, number of children, child count, num children, kids, infants, kinder, enfants, \
         ninos",
        |ask, draw| ask.between(0, 2, draw),
    ),
    // In dBm.
    (
        "signal strength, rssi, signal strength dbm, signal dbm, rsrp, signal level",
        |ask, draw| ask.between(-95, -45, draw),
    ),
    ("retry", |ask, _| ask.integer(3_000)),
    (COUNT, |ask, draw| ask.between(1, 60, draw)),
    // A page of what a list has: these agree with one another.
    (
        "page, current page, page number, page no, page index",
        |ask, _| ask.integer(1),
    ),
    (
        "limit, per page, page size, items per page, max results, pagesize, page limit, \
         perpage, results per page, page length",
        |ask, _| ask.integer(20),
    ),
    ("offset, skip, start index, start offset", |ask, _| {
        ask.integer(0)
    }),
    ("total pages, last page, num pages total", |ask, _| {
        ask.integer(3)
    }),
    (
        "pages, page count, num pages, number of pages",
        |ask, draw| ask.between(40, 480, draw),
    ),
    (
        "index, position, rank, sequence, sort order, display order, order, ordinal, seq, \
         sequence number, line number, row, column, row number, track number, step, item \
         number, line, sort index, ordering, slot, place, row index, column index",
        |ask, draw| ask.between(1, 20, draw),
    ),
    (
        "rating, stars, average rating, star rating, rating average, avg rating, review \
         rating, user rating, overall rating, rating value",
        |ask, draw| match ask.is_integer() {
            true => ask.between(3, 5, draw),
            false => ask.decimal_between(30, 50, 1, draw),
        },
    ),
    (
        "discount percent, discount percentage, discount pct, percent off, discount rate",
        |ask, draw| ask.integer(5 * (1 + draw.below(6) as i64)),
    ),
    (
        "uptime percentage, uptime percent, uptime pct, availability percentage, sla, success \
         percentage",
        |ask, draw| match ask.is_integer() {
            true => ask.between(95, 99, draw),
            false => ask.decimal_between(9_900, 9_999, 2, draw),
        },
    ),
    (
        "percentage, percent, percent complete, progress, pct, completion, completion \
         percentage, progress percent, humidity, battery, battery level, occupancy, \
         utilization, precipitation chance, chance of rain, rain chance, cloud cover, cpu \
         usage, memory usage, disk usage",
        |ask, draw| match ask.is_integer() || ask.words.has(&["percent", "pct", "percentage"]) {
            true => ask.between(5, 95, draw),
            false => ask.decimal_between(50, 950, 1, draw),
        },
    ),
    (
        "score, total score, points, credit score, point",
        |ask, draw| match ask.is_integer() {
            true => ask.between(50, 100, draw),
            false => ask.decimal_between(500, 990, 1, draw),
        },
    ),
    (
        "confidence, probability, ratio, confidence score, relevance, similarity, opacity, \
         accuracy, confidence level, conversion rate, relevance score, likelihood, alpha, \
         factor, precision, recall, weighting, share, certainty, click rate, open rate, \
         bounce rate, error rate, success rate",
        |ask, draw| match ask.is_integer() {
            true => ask.between(50, 99, draw),
            false => ask.decimal_between(50, 99, 2, draw),
        },
    ),
    (
        "rate, interest rate, apr, margin, commission rate, annual rate",
        |ask, draw| ask.decimal_between(150, 750, 2, draw),
    ),
    (
        "exchange rate, conversion factor, fx rate, currency rate",
        |ask, draw| ask.decimal_between(8_500, 12_500, 4, draw),
    ),
    (
        "width, image width, thumbnail width, w, screen width, original width, video width, \
         max width",
        |ask, _| dimension(ask, 1_280, 60),
    ),
    (
        "height, height cm, body height, height in cm, image height, thumbnail height, h, screen height, original height, video \
         height, max height",
        |ask, draw| match is_body(ask) {
            true => ask.between(152, 194, draw),
            false => dimension(ask, 720, 40),
        },
    ),
    ("bmi, body mass index", |ask, draw| {
        ask.decimal_between(190, 280, 1, draw)
    }),
    ("systolic, systolic pressure, systolic bp", |ask, draw| {
        ask.between(104, 136, draw)
    }),
    (
        "diastolic, diastolic pressure, diastolic bp",
        |ask, draw| ask.between(64, 86, draw),
    ),
    ("heart rate, pulse, bpm, resting heart rate", |ask, draw| {
        ask.between(56, 92, draw)
    }),
    ("doors, number of doors, door count", |ask, draw| {
        ask.between(3, 5, draw)
    }),
    (
        "stops, number of stops, stop count, layovers",
        |ask, draw| ask.between(0, 2, draw),
    ),
    ("depth, thickness", |ask, draw| ask.between(1, 30, draw)),
    ("length", |ask, draw| ask.between(10, 120, draw)),
    (
        "weight, net weight, gross weight, total weight, weight kg, body weight, weight in kg, mass, package weight",
        |ask, draw| match is_body(ask) {
            true => ask.between(52, 96, draw),
            false => ask.decimal_between(50, 2_500, 2, draw),
        },
    ),
    (
        "weight grams, weight g, grams, weight in grams",
        |ask, draw| ask.between(50, 2_500, draw),
    ),
    ("size", |ask, draw| {
        let files = [
            "file",
            "files",
            "image",
            "images",
            "attachment",
            "attachments",
            "document",
            "media",
            "blob",
            "asset",
            "video",
            "object",
            "upload",
            "backup",
            "download",
            "content",
            "archive",
            "release",
            "entry",
            "photo",
        ];
        match ask.is_near(&files) {
            true => ask.between(1_024, 4_000_000, draw),
            false => ask.between(1, 100, draw),
        }
    }),
    (
        "file size, filesize, content length, size bytes, size in bytes, bytes, total \
         bytes, byte size, length bytes, file size bytes, contentlength",
        |ask, draw| ask.between(1_024, 4_000_000, draw),
    ),
    (
        "disk, storage, disk size, size gb, disk gb, storage gb, volume size, disk size gb",
        |ask, draw| ask.between(10, 500, draw),
    ),
    (
        "memory, ram, memory mb, memory size, memory limit",
        |ask, draw| ask.integer(512 << draw.below(6)),
    ),
    (
        "cpu, cpus, vcpus, cores, vcpu, replicas, cpu count, cpu cores, threads",
        |ask, draw| ask.integer(1 << draw.below(4)),
    ),
    (
        "min, minimum, low, min value, minimum value, lower, lower bound, lower limit, from, \
         start, min length, min quantity, minimum quantity, min size, min count, xmin, ymin, \
         min age, range start, min items, left, top",
        |ask, draw| match ask.words.last() == "low" && ask.is_near(&TRADED) {
            true => price(ask, 90 + draw.below(5) as i64),
            false => ask.between(1, 10, draw),
        },
    ),
    (
        "max, maximum, high, max value, maximum value, upper, upper bound, upper limit, to, \
         end, max length, max quantity, maximum quantity, max size, max count, capacity, \
         quota, threshold, xmax, ymax, max age years, range end, max items, rate limit, \
         right, bottom, max participants, seating capacity, max guests",
        |ask, draw| match ask.words.last() {
            "high" if ask.is_near(&TRADED) => price(ask, 105 + draw.below(5) as i64),
            // How many sleep there.
            "capacity" if ask.is_near(&["room", "rooms", "zimmer", "chambres"]) => {
                ask.between(1, 4, draw)
            }
            _ => ask.between(50, 100, draw),
        },
    ),
    (
        "average, avg, mean, median, mid, current value, typical",
        |ask, draw| match ask.is_integer() {
            _ if ask.is_near(&["rating", "ratings", "review", "reviews", "stars"]) => {
                ask.decimal_between(30, 50, 1, draw)
            }
            true => ask.between(11, 49, draw),
            false => ask.decimal_between(1_100, 4_900, 2, draw),
        },
    ),
    (
        "min price, low price, price min, price from, lowest price, minimum amount, min \
         amount, minimum price",
        |ask, draw| ask.decimal_between(500, 2_000, 2, draw),
    ),
    (
        "max price, high price, price max, price to, highest price, maximum amount, max \
         amount, maximum price",
        |ask, draw| ask.decimal_between(5_000, 20_000, 2, draw),
    ),
    (
        "temperature, temp, temp c, feels like, temp min, temp max, min temp, max temp, temperature \
      min, temperature max, min temperature, max temperature, high temp, low temp, temp high, \
      temp low",
        |ask, draw| ask.decimal_between(80, 280, 1, draw),
    ),
    ("uv index, uv", |ask, draw| ask.between(1, 9, draw)),
    (
        "open, close, previous close, prev close, day open, day high, day low, bid, ask, last \
         price, market price, vwap, fifty two week high, fifty two week low",
        |ask, draw| price(ask, 95 + draw.below(11) as i64),
    ),
    ("market cap, market capitalization", |ask, draw| {
        ask.integer(1_000_000 * (200 + draw.below(9_000) as i64))
    }),
    (
        "home score, away score, home goals, away goals, goals",
        |ask, draw| ask.between(0, 4, draw),
    ),
    ("pressure", |ask, draw| ask.between(990, 1_030, draw)),
    ("speed, wind speed", |ask, draw| {
        ask.decimal_between(20, 900, 1, draw)
    }),
    (
        "angle, heading, bearing, rotation, wind direction, wind deg, wind degree, wind \
         degrees, azimuth, hue",
        |ask, draw| ask.between(0, 359, draw),
    ),
    ("altitude, elevation", |ask, draw| ask.between(5, 900, draw)),
    (
        "distance, radius, distance km, distance meters, miles, mileage, range, distance \
         miles",
        |ask, draw| ask.decimal_between(5, 400, 1, draw),
    ),
    ("volume", |ask, draw| match ask.is_near(&TRADED) {
        true => ask.between(10_000, 900_000, draw),
        false => ask.decimal_between(10, 900, 1, draw),
    }),
    ("red, green, blue", |ask, draw| ask.between(0, 255, draw)),
    (
        "followers, followers count, follower count, views, view count, downloads, download \
         count, impressions, plays, population, visits, play count, visitors",
        |ask, draw| ask.between(100, 9_000, draw),
    ),
    (
        "stock, stock quantity, inventory, in stock, available, remaining, stock level, \
         quantity available, inventory quantity, available quantity, on hand, quota remaining",
        |ask, draw| ask.between(5, 250, draw),
    ),
    (
        "failed, errors, error count, failures, failure count, errors count, warnings, exit \
         code, warning count, unread count, unread, failed count",
        |ask, _| ask.integer(0),
    ),
    ("x, y, z, x position, y position", |ask, draw| {
        ask.between(0, 400, draw)
    }),
    ("major", |ask, _| ask.integer(1)),
    ("asn", |ask, draw| ask.between(64_496, 64_511, draw)),
    ("bitrate", |ask, _| ask.integer(128_000)),
    ("fps, frame rate, framerate", |ask, _| ask.integer(30)),
    ("bedrooms, bathrooms, beds, baths, rooms", |ask, draw| {
        ask.between(1, 4, draw)
    }),
    ("floor, storey, etage, piso, planta", |ask, draw| {
        ask.between(1, 9, draw)
    }),
    ("servings", |ask, draw| ask.between(2, 6, draw)),
    ("calories", |ask, draw| ask.between(120, 780, draw)),
    ("likelihood percent, match", |ask, draw| {
        ask.between(50, 99, draw)
    }),
];

/// Whether what is measured is somebody, and no animal.
fn is_body(ask: &Ask<'_>) -> bool {
    let owner = ask.owner(ask.words.all());
    ask.persona.kin.person && subject::of(&owner) != Subject::Pet
}

/// Names of numbers that are texts all the same.
pub(super) const MEASURES: Senses = &[
    (QUANTITY, |ask, _| ask.integer(ask.persona.money.quantity)),
    ("duration", |ask, draw| {
        let minutes = 15 * (1 + draw.below(8));
        match ask.format {
            Some("time") => None,
            _ => ask.text(format!("PT{minutes}M")),
        }
    }),
    (COUNT, |ask, draw| ask.between(1, 60, draw)),
    ("weight", |ask, draw| {
        ask.decimal_between(50, 2_500, 2, draw)
    }),
    ("width, height, length, depth", |ask, draw| {
        ask.between(10, 120, draw)
    }),
    ("rating, score", |ask, draw| {
        ask.decimal_between(30, 50, 1, draw)
    }),
    ("percentage, percent", |ask, draw| ask.between(5, 95, draw)),
    ("year, exp year", |ask, _| {
        ask.integer(spans::calendar(ask).0)
    }),
    ("month, exp month", |ask, _| {
        ask.text(format!("{:02}", spans::calendar(ask).1))
    }),
    ("day", |ask, _| {
        ask.text(format!("{:02}", spans::calendar(ask).2))
    }),
    ("resolution", |ask, draw| {
        let cases = [
            "ticket",
            "issue",
            "bug",
            "incident",
            "case",
            "dispute",
            "complaint",
            "claim",
            "task",
            "defect",
            "problem",
            "request",
            "alert",
        ];
        match ask.is_near(&cases) {
            true => ask.one_of(&["fixed", "resolved"], draw),
            false => ask.one_of(&["1280x720", "1920x1080"], draw),
        }
    }),
    ("file size", |ask, draw| ask.between(1_024, 4_000_000, draw)),
    (
        "opening time, opens, open time, opening hours start, check in time",
        |ask, _| ask.text("09:00"),
    ),
    (
        "closing time, closes, close time, opening hours end, check out time",
        |ask, _| ask.text("17:30"),
    ),
    ("opening hours, business hours, hours", |ask, _| {
        ask.text("Mo-Fr 09:00-17:30")
    }),
    ("aspect ratio", |ask, _| ask.text("16:9")),
    ("exchange rate", |ask, draw| {
        ask.decimal_between(8_500, 12_500, 4, draw)
    }),
];

/// So much in percent of what something costs.
fn price(ask: &Ask<'_>, percent: i64) -> Option<Value> {
    ask.decimal(ask.persona.money.price * percent / 100, 2)
}

/// What is traded at an exchange.
pub(super) const TRADED: [&str; 11] = [
    "stock", "quote", "ticker", "candle", "bar", "trade", "market", "share", "symbol", "prices",
    "holding",
];

/// Of a picture in pixels, or of a thing.
fn dimension(ask: &Ask<'_>, pixels: i64, size: i64) -> Option<Value> {
    let pictures = [
        "image",
        "video",
        "photo",
        "thumbnail",
        "screen",
        "picture",
        "media",
        "avatar",
        "icon",
        "frame",
        "images",
        "photos",
        "w",
        "h",
        "preview",
        "cover",
        "file",
        "attachment",
    ];
    ask.integer(if ask.is_near(&pictures) { pixels } else { size })
}

/// How many there are of something: `commentsCount`, `num_pages`, `totalUsers`, `likes`.
pub(super) fn count(ask: &Ask<'_>, draw: &mut Draw) -> Option<Value> {
    let (first, last) = (ask.words.first(), ask.words.last());
    let counts = matches!(last, "count" | "counts" | "cnt")
        || matches!(
            first,
            "num" | "number" | "total" | "count" | "nb" | "no" | "n"
        ) && first != last;
    let many = last.is_ascii() && last.len() > 3 && singular(last) != last;
    match counts || many && last.is_ascii() {
        true => ask.between(0, 40, draw),
        false => None,
    }
}
