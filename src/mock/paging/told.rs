//! What a description says of a parameter that its schema doesn't: "Defaults to 10, at most 100".

/// How much of a description is read, in bytes.
const READ: usize = 2_000;
/// How many words a number may stand behind the one that announces it.
const REACH: usize = 10;

/// The default: "Defaults to 15", "The default is **30**", "By default, returns 10 items",
/// "If not specified, 100 is used".
pub(super) fn default(description: &str) -> Option<usize> {
    announced(description, |word, before| {
        word.starts_with("default") || word == "specified" && ["not", "un"].contains(&before)
    })
}

/// The most: "(max 100)", "maximum is 100", "not larger than 1000", "up to 50", "between 1 and 100".
pub(super) fn most(description: &str) -> Option<usize> {
    let text = read(description).to_lowercase();
    let words: Vec<&str> = text.split_whitespace().map(bare).collect();
    let range = words.windows(4).find_map(|words| match words {
        ["between", _, "and", most] | ["from", _, "to", most] => number(most),
        _ => None,
    });
    range.or_else(|| {
        announced(description, |word, before| match word {
            "max" | "maximum" | "exceed" => true,
            "than" => ["larger", "greater", "more", "higher"].contains(&before),
            "to" => before == "up",
            "most" => before == "at",
            _ => false,
        })
    })
}

/// Whether a description has one of these.
pub(super) fn mentions(description: &str, wanted: &[&str]) -> bool {
    let text = read(description).to_lowercase();
    wanted.iter().any(|wanted| text.contains(wanted))
}

/// The first number behind a word that announces it, in the same clause.
fn announced(description: &str, announces: impl Fn(&str, &str) -> bool) -> Option<usize> {
    let text = read(description).to_lowercase();
    let mut before = "";
    let mut left = 0;
    for word in text.split_whitespace() {
        let bare = bare(word);
        if left > 0
            && let Some(number) = number(bare)
        {
            return Some(number);
        }
        left = match announces(bare, before) {
            _ if word.ends_with(['.', ';', ')']) => 0,
            true => REACH,
            false => left.saturating_sub(1),
        };
        before = bare;
    }
    None
}

fn bare(word: &str) -> &str {
    word.trim_matches(|character: char| !character.is_alphanumeric())
}

fn number(word: &str) -> Option<usize> {
    let number = word.replace([',', '_'], "").parse().ok();
    number.filter(|number| *number > 0)
}

fn read(description: &str) -> &str {
    let mut end = description.len().min(READ);
    while !description.is_char_boundary(end) {
        end -= 1;
    }
    &description[..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_out_of_sentences() {
        for (text, wanted) in [
            (
                "How many results to display per page. Defaults to 15",
                (Some(15), None),
            ),
            (
                "How many items to return at one time (max 100)",
                (None, Some(100)),
            ),
            (
                "The default is **30**, and the maximum is **100**.",
                (Some(30), Some(100)),
            ),
            (
                "The number of items, maximum of 100 items. By default, the response returns 10 items.",
                (Some(10), Some(100)),
            ),
            (
                "The maximum number of items to return. If not specified, 100 is used. May not be larger than 1,000.",
                (Some(100), Some(1000)),
            ),
            ("Maximum number of results to return", (None, None)),
            ("Default: `20`. Up to 50 are allowed.", (Some(20), Some(50))),
            (
                "Limit can range between 1 and 100, and the default is 10.",
                (Some(10), Some(100)),
            ),
            ("The default. 7 is a number.", (None, None)),
            ("default 99999999999999999999999999", (None, None)),
            ("default 0", (None, None)),
        ] {
            assert_eq!((default(text), most(text)), wanted, "{text}");
        }
        assert_eq!(default(&"é".repeat(5_000)), None);
    }
}
