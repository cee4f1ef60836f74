//! Lists that tell where something is, or from when to when it lasts: a position (RFC 7946 §3.1.1), a
//! box around it (§5), an interval.

use super::persona::Persona;
use super::spacing::seconds;
use super::words::Words;
use crate::sample::draw::Draw;
use serde_json::{Number, Value};

/// Ten thousandths of a degree, in which places are told.
const DEGREE: f64 = 10_000.0;
/// How far from a place something in it is at most, each way.
const NEAR: usize = 1_500;

/// What the items of a list of a name are, where that tells it, in the place of some that were made
/// up.
pub fn told_in_list(
    name: &str,
    items: &[Value],
    persona: &Persona,
    draw: &mut Draw,
) -> Option<Vec<Value>> {
    let words = Words::of(name);
    let is_of_numbers = items.iter().all(Value::is_number);
    let mut near = |at: i32| {
        let side = draw.below(2 * NEAR) as f64 - NEAR as f64;
        f64::from(at) + side
    };
    match words.all() {
        "coordinates" | "position" | "center" | "centroid" | "lng lat" | "lon lat"
            if is_of_numbers && (2..=3).contains(&items.len()) =>
        {
            let place = persona.place;
            let mut told = vec![
                degrees(near(place.longitude))?,
                degrees(near(place.latitude))?,
            ];
            let height = items.get(2).map(|_| Value::from(120));
            told.extend(height);
            Some(told)
        }
        "bbox" | "bounding box" | "boundingbox" | "bounds" | "extent"
            if is_of_numbers && matches!(items.len(), 4 | 6) =>
        {
            let place = persona.place;
            let (across, up) = (near(place.longitude), near(place.latitude));
            let corner = |sign: f64| {
                let side = sign * NEAR as f64;
                Some([degrees(across + side)?, degrees(up + side)?])
            };
            let (low, high) = (corner(-1.0)?, corner(1.0)?);
            let height = |height: i64| (items.len() == 6).then(|| Value::from(height));
            let low = low.into_iter().chain(height(0));
            Some(low.chain(high).chain(height(400)).collect())
        }
        "interval" | "intervals" | "range" | "period" | "date range" | "time range"
        | "timespan" => {
            let [Value::String(begin), Value::String(end)] = items else {
                return None;
            };
            let is_turned = begin.len() == end.len() && seconds(begin)? > seconds(end)?;
            is_turned.then(|| vec![items[1].clone(), items[0].clone()])
        }
        _ => None,
    }
}

fn degrees(at: f64) -> Option<Value> {
    Number::from_f64(at / DEGREE).map(Value::Number)
}
