//! The part of the world that a query asks for: `bbox=west,south,east,north`.

use super::name::plain;
use serde_json::Value;

/// What a parameter is called that says it.
pub(super) const AREAS: [&str; 4] = ["bbox", "boundingbox", "bounds", "viewport"];
/// What holds where an item is.
const HOLDERS: [&str; 7] = [
    "geometry",
    "location",
    "position",
    "coordinates",
    "coords",
    "geo",
    "properties",
];
/// How deep within an item it is looked for, and how many positions are looked at.
const DEPTH: usize = 6;
const MOST: usize = 10_000;

/// A part of the world, in degrees: west, south, east and north.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Area([f64; 4]);

impl Area {
    /// What a request says, as numbers between commas or in a list; with heights or without
    /// (RFC 7946 §5). Nothing where it is no such thing.
    pub(super) fn asked(value: &Value) -> Option<Area> {
        let numbers: Vec<f64> = match value {
            Value::Array(values) => values.iter().map(number).collect::<Option<_>>()?,
            Value::String(text) => {
                let parts = text.split(',').map(|part| part.trim().parse().ok());
                parts.collect::<Option<_>>()?
            }
            _ => return None,
        };
        match numbers.as_slice() {
            [west, south, east, north] | [west, south, _, east, north, _] => {
                Some(Area([*west, *south, *east, *north]))
            }
            _ => None,
        }
    }

    /// Whether an item is in it, or reaches into it; also one that doesn't tell where it is.
    pub(super) fn has(self, item: &Value) -> bool {
        let mut extent = None;
        gather(item, DEPTH, &mut MOST.clone(), &mut extent);
        let own = || Area::asked(item.get("bbox")?);
        let Some(Area([left, bottom, right, top])) = extent.or_else(own) else {
            return true;
        };
        let Area([west, south, east, north]) = self;
        // One that goes over the 180th meridian ends where others begin.
        let is_beside = match west <= east {
            true => left <= east && right >= west,
            false => right >= west || left <= east,
        };
        is_beside && bottom <= north && top >= south
    }
}

/// Widens an extent to all the positions of an item.
fn gather(value: &Value, depth: usize, left: &mut usize, extent: &mut Option<Area>) {
    if depth == 0 || *left == 0 {
        return;
    }
    match value {
        Value::Array(values) => match values.as_slice() {
            [Value::Number(x), Value::Number(y), ..] => {
                *left -= 1;
                widen(extent, x.as_f64().zip(y.as_f64()));
            }
            values => {
                for inner in values {
                    gather(inner, depth - 1, left, extent);
                }
            }
        },
        Value::Object(members) => {
            let degrees = |names: [&str; 4]| {
                let mut members = members.iter();
                let found = members.find(|(name, _)| names.contains(&plain(name).as_str()));
                found.and_then(|(_, value)| number(value))
            };
            let across = degrees(["longitude", "lon", "lng", "long"]);
            widen(
                extent,
                across.zip(degrees(["latitude", "lat", "lati", "y"])),
            );
            let within = members.iter().filter(|(name, value)| {
                let is_part = value.is_object() || value.is_array();
                is_part && HOLDERS.contains(&plain(name).as_str())
            });
            for (_, inner) in within {
                gather(inner, depth - 1, left, extent);
            }
        }
        _ => {}
    }
}

fn widen(extent: &mut Option<Area>, position: Option<(f64, f64)>) {
    let Some((x, y)) = position else { return };
    let Area([left, bottom, right, top]) = extent.unwrap_or(Area([x, y, x, y]));
    *extent = Some(Area([left.min(x), bottom.min(y), right.max(x), top.max(y)]));
}

fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.parse().ok(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_reaches_into_an_area_is_in_it() {
        let point = |x: f64, y: f64| json!({"geometry": {"type": "Point", "coordinates": [x, y]}});
        let line = json!({"geometry": {"coordinates": [[0, 0], [20, 20]]}});
        for (area, item, is_in) in [
            ("9,49,11,51", point(10.0, 50.0), true),
            ("9,49,11,51", point(12.0, 50.0), false),
            ("9,49,0,11,51,100", point(10.0, 50.0), true),
            ("9,9,11,11", line, true),
            ("170,-10,-170,10", point(175.0, 0.0), true),
            ("170,-10,-170,10", point(0.0, 0.0), false),
            ("9,49,11,51", json!({"lat": "50", "lon": "10"}), true),
            (
                "9,49,11,51",
                json!({"location": {"latitude": 50, "lng": 12}}),
                false,
            ),
            ("9,49,11,51", json!({"bbox": [0, 0, 5, 5]}), false),
            ("9,49,11,51", json!({"name": "a"}), true),
        ] {
            let asked = Area::asked(&json!(area)).expect("an area");
            assert_eq!(asked.has(&item), is_in, "{area} {item}");
        }
        assert_eq!(Area::asked(&json!("1,2")), None);
        assert_eq!(Area::asked(&json!([1, 2, 3, "x"])), None);
    }
}
