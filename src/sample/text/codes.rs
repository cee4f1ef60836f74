//! Numbers that carry a check digit, and tokens.

use crate::sample::draw::Draw;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// Whether the format is one of these.
pub(super) fn is_known(format: &str) -> bool {
    matches!(
        format,
        "credit-card" | "creditcard" | "credit-card-number" | "pan" | "card-number"
    ) || matches!(
        format,
        "isbn" | "isbn13" | "isbn-13" | "isbn10" | "isbn-10" | "iban" | "jwt"
    )
}

/// A text of such a format.
pub(super) fn made(format: &str, most: usize, draw: &mut Draw) -> Option<String> {
    match format {
        "isbn10" | "isbn-10" => Some(isbn10(draw)),
        "isbn" if most < 13 => Some(isbn10(draw)),
        "isbn" | "isbn13" | "isbn-13" => Some(isbn13(draw)),
        "iban" => Some(iban(draw)),
        "jwt" => Some(jwt(draw)),
        format if is_known(format) => Some(card(draw)),
        _ => None,
    }
}

fn digits(start: &str, length: usize, draw: &mut Draw) -> String {
    let mut text = start.to_owned();
    while text.len() < length {
        text.push(char::from(b'0' + draw.below(10) as u8));
    }
    text
}

fn values(text: &str) -> impl DoubleEndedIterator<Item = u32> + '_ {
    text.bytes().map(|byte| u32::from(byte - b'0'))
}

/// A card number of a range that no card has, with the check digit of ISO/IEC 7812-1.
fn card(draw: &mut Draw) -> String {
    let number = digits("41111111", 15, draw);
    let sum: u32 = values(&number)
        .rev()
        .enumerate()
        .map(|(place, digit)| match place % 2 {
            0 if digit > 4 => digit * 2 - 9,
            0 => digit * 2,
            _ => digit,
        })
        .sum();
    format!("{number}{}", (10 - sum % 10) % 10)
}

fn isbn13(draw: &mut Draw) -> String {
    let number = digits("9780", 12, draw);
    let weighted = values(&number).zip([1, 3].into_iter().cycle());
    let sum: u32 = weighted.map(|(digit, weight)| digit * weight).sum();
    format!("{number}{}", (10 - sum % 10) % 10)
}

fn isbn10(draw: &mut Draw) -> String {
    let number = digits("0", 9, draw);
    let sum: u32 = values(&number)
        .zip((2..=10).rev())
        .map(|(digit, weight)| digit * weight)
        .sum();
    match (11 - sum % 11) % 11 {
        10 => format!("{number}X"),
        check => format!("{number}{check}"),
    }
}

/// Of a German account, with the check digits of ISO 13616.
fn iban(draw: &mut Draw) -> String {
    let account = digits("37040044", 18, draw);
    // D, E and no check digits yet.
    let number = format!("{account}131400");
    let rest = values(&number).fold(0, |rest, digit| (rest * 10 + digit) % 97);
    format!("DE{:02}{account}", 98 - rest)
}

/// Three parts as RFC 7519 has them; the signature is of no key.
pub(super) fn jwt(draw: &mut Draw) -> String {
    let issued = 1_704_067_200 + draw.below(60_000_000);
    let claims = format!(r#"{{"sub":"{}","iat":{issued}}}"#, super::plain::word(draw));
    let signature: Vec<u8> = (0..4).flat_map(|_| draw.number().to_be_bytes()).collect();
    let parts = [
        br#"{"alg":"HS256","typ":"JWT"}"#,
        claims.as_bytes(),
        &signature,
    ];
    parts.map(|part| URL_SAFE_NO_PAD.encode(part)).join(".")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn check_digits_hold() {
        let mut draw = Draw::of("codes");
        for _ in 0..50 {
            let number = card(&mut draw);
            let doubled = values(&number)
                .rev()
                .enumerate()
                .map(|(place, digit)| match place % 2 {
                    1 => digit * 2 / 10 + digit * 2 % 10,
                    _ => digit,
                });
            assert_eq!(
                (number.len(), doubled.sum::<u32>() % 10),
                (16, 0),
                "{number}"
            );
            let number = iban(&mut draw);
            let moved = format!("{}1314{}", &number[4..], &number[2..4]);
            assert_eq!(moved.parse::<u128>().expect("a number") % 97, 1, "{number}");
            let number = isbn13(&mut draw);
            let sum: u32 = values(&number)
                .zip([1, 3].into_iter().cycle())
                .map(|(a, b)| a * b)
                .sum();
            assert_eq!((number.len(), sum % 10), (13, 0), "{number}");
            let number = isbn10(&mut draw);
            let values = number.chars().map(|c| c.to_digit(10).unwrap_or(10));
            let sum: u32 = values.zip((1..=10).rev()).map(|(a, b)| a * b).sum();
            assert_eq!((number.len(), sum % 11), (10, 0), "{number}");
        }
    }
}
