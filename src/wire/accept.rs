use super::media_type::split_outside_quotes;
use super::{HeaderMap, MediaType, header};
use std::borrow::Cow;
use std::cmp::{Ordering, Reverse};

/// The `Accept` fields of a request as one; nothing where there is none that can be read.
pub fn accept(headers: &HeaderMap) -> Option<Cow<'_, str>> {
    let mut fields = headers.get_all(header::ACCEPT).iter();
    let first = fields.next()?.to_str().ok()?;
    let mut whole = Cow::Borrowed(first);
    for field in fields {
        whole.to_mut().push_str(", ");
        whole.to_mut().push_str(field.to_str().ok()?);
    }
    Some(whole)
}

/// What a client is to get.
#[derive(Debug, Clone, PartialEq)]
pub struct Chosen {
    /// The index of the offer.
    pub offer: usize,
    /// The type that the client names, where the offer is a range that takes it in.
    pub named: Option<MediaType>,
}

/// Chooses among `offered` what `accept` likes best (RFC 9110 §12.5.1).
///
/// The most exact range that takes an offer in sets its quality. Of equally liked offers the one
/// wins whose range stands first, then a type before a range of them, then the first. No header, or one without a readable
/// range, accepts anything. A client that wants one JSON and is offered another gets that, as both
/// are read alike (RFC 6839 §3.1), unless their parameters say otherwise. Nothing where none is acceptable.
pub fn choose<'m>(
    accept: Option<&str>,
    offered: impl Iterator<Item = &'m MediaType> + Clone,
) -> Option<Chosen> {
    // Most say nothing, or that anything will do.
    if accept.is_none_or(|text| text.trim() == "*/*") {
        let offer = match offered.clone().position(|offer| !offer.is_range()) {
            Some(offer) => offer,
            None => offered.clone().next().map(|_| 0)?,
        };
        return Some(Chosen { offer, named: None });
    }
    let ranges: Vec<Range> = accept
        .map(|text| split_outside_quotes(text, ',').filter_map(read).collect())
        .unwrap_or_default();
    let anything = [Range {
        media_type: MediaType::any(),
        quality: 1.0,
    }];
    let ranges = match ranges.is_empty() {
        true => &anything[..],
        false => &ranges,
    };
    let exact = |range: &MediaType, offer: &MediaType| {
        range.takes_in(offer) || offer.is_range() && offer.takes_in(range)
    };
    let as_json = |range: &MediaType, offer: &MediaType| {
        range.is_json() && offer.is_json() && !range.contradicts(offer)
    };
    best(ranges, offered.clone(), &exact).or_else(|| best(ranges, offered, &as_json))
}

/// Whether `accept` excludes what is offered: the most exact range that takes it in says `q=0`.
pub fn excludes(accept: &str, offer: &MediaType) -> bool {
    let ranges = split_outside_quotes(accept, ',').filter_map(read);
    let taking = ranges.filter(|range| range.media_type.takes_in(offer));
    let most = taking.max_by_key(|range| range.media_type.precision());
    most.is_some_and(|range| range.quality <= 0.0)
}

struct Range {
    media_type: MediaType,
    quality: f32,
}

/// How little an offer has of the parameters that a range names, and how many others.
type Far = (Reverse<usize>, usize);

/// What decides between offers: how much one is liked, then how soon, how vague and how far it is.
type Key = (f32, (usize, bool, Far));

fn best<'m>(
    ranges: &[Range],
    offered: impl Iterator<Item = &'m MediaType>,
    takes_in: &dyn Fn(&MediaType, &MediaType) -> bool,
) -> Option<Chosen> {
    let mut best: Option<(Key, Chosen)> = None;
    for (number, offer) in offered.enumerate() {
        let taking = ranges.iter().enumerate();
        let taking = taking.filter(|(_, range)| takes_in(&range.media_type, offer));
        // Of equally exact ones the first. A range that is offered becomes the type that is liked
        // best of those that it takes in.
        let is_offered_as = |range: &Range| offer.is_range() && !range.media_type.is_range();
        let exactness = |range: &Range| range.media_type.nearness(offer);
        let taking = taking.rev().max_by(|(_, one), (_, other)| {
            let by_liking = match is_offered_as(one) || is_offered_as(other) {
                true => one.quality.total_cmp(&other.quality),
                false => Ordering::Equal,
            };
            by_liking.then_with(|| exactness(one).cmp(&exactness(other)))
        });
        let Some((place, range)) = taking else {
            continue;
        };
        if range.quality <= 0.0 || !is_offered_as(range) && is_refused(ranges, offer) {
            continue;
        }
        // Ranges that name nothing have no order among the offers that they take in.
        let place = match range.media_type.is_range() {
            true => ranges.len(),
            false => place,
        };
        // A type tells more than a range does, and one with the parameters that are asked for, and
        // no others, more than one without.
        let far = match range.media_type.is_range() {
            true => Far::default(),
            false => {
                let (_, has, Reverse(lacks)) = offer.nearness(&range.media_type);
                (Reverse(has), lacks)
            }
        };
        let key = (range.quality, (place, offer.is_range(), far));
        let is_better = best.as_ref().is_none_or(|((quality, before), _)| {
            key.0 > *quality || key.0 == *quality && key.1 < *before
        });
        if is_better {
            // Of a narrower range a type that is in it.
            let is_elsewhere = || !range.media_type.takes_in(&offer.concrete());
            let names = offer.is_range() && (is_offered_as(range) || is_elsewhere());
            let named = names.then(|| range.media_type.without("q").concrete());
            let offer = number;
            best = Some((key, Chosen { offer, named }));
        }
    }
    best.map(|(_, chosen)| chosen)
}

/// Whether the type that is sent where a range is offered is one that the client doesn't take.
fn is_refused(ranges: &[Range], offer: &MediaType) -> bool {
    if !offer.is_range() {
        return false;
    }
    let sent = offer.concrete();
    let taking = ranges
        .iter()
        .filter(|range| range.media_type.takes_in(&sent));
    let most = taking.max_by_key(|range| range.media_type.precision());
    most.is_some_and(|range| range.quality <= 0.0)
}

fn read(element: &str) -> Option<Range> {
    let element = element.trim();
    // What some old clients send for `*/*`.
    let element = if element == "*" { "*/*" } else { element };
    let media_type = MediaType::parse(element)?;
    let quality = match media_type.parameter("q") {
        Some(text) => text
            .parse::<f32>()
            .ok()
            .filter(|q| (0.0..=1.0).contains(q))?,
        None => 1.0,
    };
    Some(Range {
        media_type,
        quality,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn types(names: &[&str]) -> Vec<MediaType> {
        let parse = |name: &&str| MediaType::parse(name).expect("a media type");
        names.iter().map(parse).collect()
    }

    fn pick(accept: &str, names: &[&str]) -> Option<usize> {
        let offered = types(names);
        choose(Some(accept), offered.iter()).map(|chosen| chosen.offer)
    }

    const OFFERED: [&str; 2] = ["application/json", "text/csv"];

    #[test]
    fn the_most_exact_range_sets_the_quality() {
        for (accept, picked) in [
            ("*/*", Some(0)),
            ("application/json;q=0.2, text/*;q=0.5", Some(1)),
            ("*/*, application/json;q=0", Some(1)),
            ("text/html", None),
            ("text/html, */*;q=0.1", Some(0)),
            ("text/csv, application/json", Some(1)),
            ("text/html, *", Some(0)),
        ] {
            assert_eq!(pick(accept, &OFFERED), picked, "{accept}");
        }
    }

    #[test]
    fn an_unreadable_header_accepts_anything() {
        assert_eq!(pick("???", &OFFERED), Some(0));
        assert_eq!(pick("", &OFFERED), Some(0));
    }

    #[test]
    fn json_of_another_name_is_json() {
        let offered = ["application/xml", "application/vnd.shop+json"];
        assert_eq!(pick("*/*", &offered), Some(0));
        assert_eq!(pick("application/*", &offered), Some(0));
        assert_eq!(pick("application/xml, application/*", &offered), Some(0));
        assert_eq!(pick("application/json", &offered), Some(1));
        assert_eq!(
            pick("application/xml;q=0.1, application/json", &offered),
            Some(0)
        );
        let profile = ["application/json;profile=full"];
        assert_eq!(pick("application/json;profile=lite", &profile), None);
        assert_eq!(pick("application/hal+json;profile=full", &profile), Some(0));
        assert_eq!(pick("application/json;charset=utf-8", &profile), Some(0));
    }

    #[test]
    fn a_range_that_is_offered_becomes_what_the_client_names() {
        let offered = types(&["image/*"]);
        let chosen = choose(Some("image/png;q=0.5"), offered.iter()).expect("a choice");
        assert_eq!(chosen.named, MediaType::parse("image/png"));
        let chosen = choose(Some("image/*"), offered.iter()).expect("a choice");
        assert_eq!(chosen.named, None);
        assert_eq!(pick("image/png", &["*/*", "image/png"]), Some(1));
        let offered = types(&["application/foo", "*/*"]);
        for (accept, offer, named) in [
            ("application/foo;q=0.2, text/plain", 1, "text/plain"),
            ("text/plain;q=0.2, application/foo", 0, ""),
            ("text/*, image/png;q=0.5", 1, "text/plain"),
        ] {
            let chosen = choose(Some(accept), offered.iter()).expect("a choice");
            let sent = chosen.named.map(|named| named.to_string());
            assert_eq!(
                (chosen.offer, sent.unwrap_or_default().as_str()),
                (offer, named),
                "{accept}"
            );
        }
        let refused = types(&["application/*"]);
        let refused = choose(Some("application/json;q=0, */*"), refused.iter());
        assert!(refused.is_none());
    }
}
