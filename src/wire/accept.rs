use super::MediaType;
use super::media_type::split_outside_quotes;

/// Chooses among `offered` what `accept` likes best (RFC 9110 §12.5.1).
///
/// The most exact range that takes an offer in sets its quality; the first of equally liked
/// offers wins. No header, or one without a readable range, accepts anything. Gives the index
/// of the offer, or nothing where none is acceptable.
pub fn choose(accept: Option<&str>, offered: &[MediaType]) -> Option<usize> {
    let ranges: Vec<(MediaType, f32)> = accept
        .map(|text| split_outside_quotes(text, ',').filter_map(read).collect())
        .unwrap_or_default();
    if ranges.is_empty() {
        return (!offered.is_empty()).then_some(0);
    }
    let quality = |offer: &MediaType| {
        ranges
            .iter()
            .filter(|(range, _)| range.takes_in(offer) || offer.is_range() && offer.takes_in(range))
            .max_by_key(|(range, _)| range.precision())
            .map_or(0.0, |(_, quality)| *quality)
    };
    let mut best: Option<(usize, f32)> = None;
    for (index, offer) in offered.iter().enumerate() {
        let quality = quality(offer);
        if quality > best.map_or(0.0, |(_, quality)| quality) {
            best = Some((index, quality));
        }
    }
    best.map(|(index, _)| index)
}

fn read(element: &str) -> Option<(MediaType, f32)> {
    let range = MediaType::parse(element.trim())?;
    let quality = match range.parameter("q") {
        Some(text) => text
            .parse::<f32>()
            .ok()
            .filter(|q| (0.0..=1.0).contains(q))?,
        None => 1.0,
    };
    Some((range, quality))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pick(accept: &str) -> Option<usize> {
        let offered = ["application/json", "text/csv"].map(|t| MediaType::parse(t).expect(t));
        choose(Some(accept), &offered)
    }

    #[test]
    fn the_most_exact_range_sets_the_quality() {
        assert_eq!(pick("*/*"), Some(0));
        assert_eq!(pick("application/json;q=0.2, text/*;q=0.5"), Some(1));
        assert_eq!(pick("*/*, application/json;q=0"), Some(1));
        assert_eq!(pick("text/html"), None);
        assert_eq!(pick("text/html, */*;q=0.1"), Some(0));
    }

    #[test]
    fn an_unreadable_header_accepts_anything() {
        assert_eq!(pick("???"), Some(0));
        assert_eq!(pick(""), Some(0));
    }
}
