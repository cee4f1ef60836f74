//! Why a path doesn't match a template that it is like.

/// How much of a segment is told, in characters.
const TOLD: usize = 40;

/// The first reason why a path isn't one of a template, in words. Both begin with a slash; the
/// path has no query.
pub fn why_not(template: &str, path: &str) -> String {
    let (theirs, ours): (Vec<&str>, Vec<&str>) = (split(template), split(path));
    let pairs = theirs.iter().zip(&ours).enumerate();
    for (index, (theirs, ours)) in pairs {
        let number = index + 1;
        match theirs.contains('{') {
            true if ours.is_empty() => return format!("segment {number}, {theirs}, is empty"),
            false if theirs != ours => {
                let kind = match theirs.eq_ignore_ascii_case(ours) {
                    true => ", in these letters",
                    false => "",
                };
                let ours = shortened(ours);
                return format!("segment {number} is `{theirs}`{kind}, and `{ours}` was asked for");
            }
            _ => {}
        }
    }
    match (theirs.len(), ours.len()) {
        (all, asked) if all > asked => {
            let missing = theirs[asked..].join("/");
            format!("`/{missing}` is missing at the end")
        }
        (all, asked) if all < asked => {
            let more = shortened(&ours[all..].join("/"));
            format!("`/{more}` is more than it has")
        }
        _ => "what stands for its parameters isn't what they may be".to_owned(),
    }
}

fn split(path: &str) -> Vec<&str> {
    path.trim_start_matches('/').split('/').collect()
}

fn shortened(text: &str) -> String {
    match text.char_indices().nth(TOLD) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_difference_is_told() {
        for (template, path, why) in [
            (
                "/pets",
                "/pet",
                "segment 1 is `pets`, and `pet` was asked for",
            ),
            (
                "/pets",
                "/Pets",
                "segment 1 is `pets`, in these letters, and `Pets` was asked for",
            ),
            (
                "/pets/{id}/toys",
                "/pets/7",
                "`/toys` is missing at the end",
            ),
            ("/pets/{id}", "/pets/", "segment 2, {id}, is empty"),
            (
                "/pets/{id}",
                "/pets/7/toys/8",
                "`/toys/8` is more than it has",
            ),
            ("/pets", "/pets/", "`/` is more than it has"),
        ] {
            assert_eq!(why_not(template, path), why, "{path}");
        }
        let long = format!("/{}", "x".repeat(9_000));
        assert!(why_not("/pets", &long).len() < 120);
    }
}
