//! Which counts a schema takes.

use crate::spec::{ShapeId, Shapes};

/// The least count that a schema takes.
pub(super) fn least(shapes: &Shapes, id: ShapeId) -> u64 {
    said(shapes, id, "minimum")
        .into_iter()
        .chain(said(shapes, id, "exclusiveMinimum").map(|bound| bound.floor() + 1.0))
        .fold(0.0, f64::max)
        .ceil() as u64
}

/// The largest.
pub(super) fn most(shapes: &Shapes, id: ShapeId, format: Option<&str>) -> u64 {
    let said = said(shapes, id, "maximum")
        .into_iter()
        .chain(said(shapes, id, "exclusiveMaximum").map(|bound| bound.ceil() - 1.0))
        .fold(f64::INFINITY, f64::min)
        .floor() as u64;
    said.min(match format {
        Some("int32") => i32::MAX as u64,
        Some("int64") => i64::MAX as u64,
        _ => u64::MAX,
    })
}

/// The number that a schema gives a keyword.
fn said(shapes: &Shapes, id: ShapeId, keyword: &str) -> Option<f64> {
    shapes.says(id, keyword)?.value().as_f64()
}
