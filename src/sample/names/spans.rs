use super::ask::{Ask, Senses};
use super::moments::{self, Step};
use crate::sample::draw::Draw;
use serde_json::Value;

/// Names of how long something takes, and of the parts of a date.
pub(super) const SPANS: Senses = &[
    (
        "duration, elapsed, runtime, uptime, response time, waiting time, wait time, elapsed \
         time, processing time, estimated time, travel time, playtime, latency, execution \
         time, delay, duration seconds, duration in seconds, total time, run time, duration \
         sec, time spent, load time, call duration, length seconds, lead time",
        |ask, draw| duration(ask, draw),
    ),
    (
        "duration ms, duration millis, duration in ms, latency ms, elapsed ms, took, response \
         time ms, duration in millis, time ms",
        |ask, draw| ask.between(20, 4_000, draw),
    ),
    (
        "duration minutes, duration in minutes, minutes, prep time, cook time, cooking time, \
         ready in minutes, preparation time, duration mins, total minutes, mins",
        |ask, draw| ask.integer(5 * (1 + draw.below(18) as i64)),
    ),
    (
        "reading time, read time, reading time minutes, minutes to read",
        |ask, draw| ask.between(2, 9, draw),
    ),
    (
        "hours, duration hours, estimated hours, total hours, hours worked",
        |ask, draw| ask.between(1, 12, draw),
    ),
    (
        "days, duration days, retention days, trial days, retention, trial period days",
        |ask, draw| ask.between(1, 30, draw),
    ),
    ("seconds, secs", |ask, draw| ask.between(1, 59, draw)),
    (
        "expires in, expire in, token lifetime, expiresin, ttl, max age, cache ttl, \
         valid for, lifetime, expires in seconds, refresh token expires in",
        |ask, _| ask.integer(3_600),
    ),
    (
        "timeout, timeout seconds, request timeout, connection timeout, retry after, idle \
         timeout, connect timeout, timeout in seconds, read timeout",
        |ask, _| ask.integer(30),
    ),
    ("timeout ms, timeout millis, timeout in ms", |ask, _| {
        ask.integer(30_000)
    }),
    (
        "retries, max retries, retry count, attempts, max attempts, attempt, retry limit, attempt count, \
         attempts count, max attempts count",
        |ask, draw| ask.between(1, 5, draw),
    ),
    ("year min, min year, year from, from year", |ask, _| {
        ask.integer(2_005)
    }),
    ("year max, max year, year to, to year", |ask, _| {
        ask.integer(2_025)
    }),
    (
        "year, model year, release year, start year, year published, publication year, fiscal \
         year, copyright year, tax year, graduation year, year built",
        |ask, _| ask.integer(calendar(ask).0),
    ),
    (
        "end year, exp year, expiry year, expiration year, card exp year, expire year",
        |ask, _| ask.integer(calendar(ask).0 + 3),
    ),
    (
        "month, exp month, expiry month, expiration month, start month, card exp month, \
         expire month, birth month",
        |ask, _| ask.integer(calendar(ask).1),
    ),
    ("day, day of month, dayofmonth, start day", |ask, _| {
        ask.integer(calendar(ask).2)
    }),
    ("day of week, dayofweek, weekday", |ask, draw| {
        ask.between(1, 7, draw)
    }),
    (
        "batch size, pool size, sample size, step size, block size, group size",
        |ask, draw| ask.between(10, 100, draw),
    ),
    ("decimal places, decimals, fraction digits", |ask, _| {
        ask.integer(2)
    }),
    ("week, week number, week of year", |ask, draw| {
        ask.between(1, 52, draw)
    }),
    ("quarter", |ask, _| ask.integer((calendar(ask).1 + 2) / 3)),
    ("hour, start hour", |ask, draw| ask.between(8, 12, draw)),
    ("end hour", |ask, draw| ask.between(13, 18, draw)),
    ("minute", |ask, draw| ask.integer(15 * draw.below(4) as i64)),
    ("second", |ask, draw| ask.between(0, 59, draw)),
];

/// The year, the month and the day on which what the persona is about began.
pub(super) fn calendar(ask: &Ask<'_>) -> (i64, i64, i64) {
    moments::calendar(ask.persona.moments.at(Step::Created))
}

fn duration(ask: &Ask<'_>, draw: &mut Draw) -> Option<Value> {
    let words = ask.words;
    match () {
        () if words.has(&["ms", "millis", "milliseconds"]) => ask.between(20, 4_000, draw),
        () if words.has(&["response", "latency", "elapsed"]) => ask.between(20, 900, draw),
        () => ask.integer(60 * (1 + draw.below(120) as i64)),
    }
}
