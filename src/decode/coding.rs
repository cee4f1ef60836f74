//! `Content-Encoding` undone (RFC 9110 §8.4), within bounds: a few octets may say that they are
//! gigabytes.

use super::body::BodyFault;
use crate::wire::{Bytes, HeaderMap, header};
use brotli_decompressor::{BrotliDecompressStream, BrotliResult, BrotliState, StandardAlloc};
use flate2::bufread::{DeflateDecoder, GzDecoder, ZlibDecoder};
use std::io::Read;

/// How many codings may lie over one another.
const LAYERS: usize = 4;
/// How large a body may become.
const INFLATED: usize = 10 << 20;
/// How many times its size a body may become, past [`SMALL`].
const RATIO: usize = 100;
/// What a body may become whatever its size: short texts that repeat themselves are no attack.
const SMALL: usize = 1 << 20;
/// How many members a gzip file may have: each costs a new start, also where it is empty.
const MEMBERS: usize = 100;
const PIECE: usize = 64 << 10;

/// The codings that are undone, for `Accept-Encoding`.
pub const CODINGS: &str = "gzip, deflate, br";

/// Whether a message says that its body is coded.
pub fn is_coded(headers: &HeaderMap) -> bool {
    headers.contains_key(header::CONTENT_ENCODING)
}

/// The body of a message without its codings. Says what is wrong with them as a violation does.
pub fn uncoded(headers: &HeaderMap, body: &Bytes) -> Result<Bytes, String> {
    undo(headers, body).map_err(|fault| match fault {
        BodyFault::Unsupported(detail)
        | BodyFault::UnknownCoding(detail)
        | BodyFault::TooLarge(detail)
        | BodyFault::Unreadable(detail) => detail,
    })
}

/// The body without its codings, the last one first.
pub(super) fn undo(headers: &HeaderMap, body: &Bytes) -> Result<Bytes, BodyFault> {
    let mut names = Vec::new();
    for field in headers.get_all(header::CONTENT_ENCODING) {
        let text = field.to_str().unwrap_or("?");
        let listed = text.split(',').map(str::trim);
        names.extend(
            listed.filter(|name| !name.is_empty() && !name.eq_ignore_ascii_case("identity")),
        );
    }
    if body.is_empty() || names.is_empty() {
        return Ok(body.clone());
    }
    if names.len() > LAYERS {
        let detail = format!("the body has more than {LAYERS} codings");
        return Err(BodyFault::UnknownCoding(detail));
    }
    let mut bytes = body.clone();
    for name in names.into_iter().rev() {
        let limit = INFLATED.min(SMALL.max(bytes.len().saturating_mul(RATIO)));
        bytes = inflate(name, &bytes, limit)?.into();
    }
    Ok(bytes)
}

fn inflate(name: &str, bytes: &[u8], limit: usize) -> Result<Vec<u8>, BodyFault> {
    match name.to_ascii_lowercase().as_str() {
        "gzip" | "x-gzip" => gzip(bytes, limit, name),
        "deflate" => deflate(bytes, limit, name),
        "br" => brotli(bytes, limit),
        _ => {
            let shown: String = name.chars().take(40).collect();
            let detail = format!("the body's coding `{shown}` is not known; {CODINGS} are");
            Err(BodyFault::UnknownCoding(detail))
        }
    }
}

/// One member after the other is one file (RFC 1952 §2.2).
fn gzip(bytes: &[u8], limit: usize, name: &str) -> Result<Vec<u8>, BodyFault> {
    let mut out = Vec::new();
    let mut rest = bytes;
    for _ in 0..MEMBERS {
        let mut member = GzDecoder::new(rest);
        drain(&mut member, &mut out, limit, name)?;
        rest = member.into_inner();
        if rest.is_empty() {
            return Ok(out);
        }
    }
    Err(corrupt(name))
}

/// A zlib stream, or what is in one: some clients leave the rest out (RFC 9110 §8.4.1.2).
fn deflate(bytes: &[u8], limit: usize, name: &str) -> Result<Vec<u8>, BodyFault> {
    let mut out = Vec::new();
    let rest = if is_zlib(bytes) {
        let mut stream = ZlibDecoder::new(bytes);
        drain(&mut stream, &mut out, limit, name)?;
        stream.into_inner()
    } else {
        let mut stream = DeflateDecoder::new(bytes);
        drain(&mut stream, &mut out, limit, name)?;
        stream.into_inner()
    };
    match rest {
        [] => Ok(out),
        _ => Err(corrupt(name)),
    }
}

/// RFC 1950 §2.2: the method is 8, and the first two octets are a multiple of 31.
fn is_zlib(bytes: &[u8]) -> bool {
    matches!(bytes, [first, second, ..]
        if first & 0x0f == 8 && u16::from_be_bytes([*first, *second]).is_multiple_of(31))
}

fn drain(
    reader: &mut impl Read,
    out: &mut Vec<u8>,
    limit: usize,
    name: &str,
) -> Result<(), BodyFault> {
    let mut piece = [0; 8 << 10];
    loop {
        match reader.read(&mut piece) {
            Ok(0) => return Ok(()),
            Ok(count) if out.len() + count > limit => return Err(too_large(limit)),
            Ok(count) => out.extend_from_slice(&piece[..count]),
            Err(_) => return Err(corrupt(name)),
        }
    }
}

fn brotli(bytes: &[u8], limit: usize) -> Result<Vec<u8>, BodyFault> {
    // Strict: windows beyond RFC 7932's 16 MiB would let ten octets ask for a gigabyte.
    let mut state = BrotliState::new_strict(
        StandardAlloc::default(),
        StandardAlloc::default(),
        StandardAlloc::default(),
    );
    let mut out = Vec::new();
    let mut piece = vec![0; PIECE];
    let (mut left, mut read, mut total) = (bytes.len(), 0, 0);
    loop {
        let (mut room, mut written) = (piece.len(), 0);
        let result = BrotliDecompressStream(
            &mut left,
            &mut read,
            bytes,
            &mut room,
            &mut written,
            &mut piece,
            &mut total,
            &mut state,
        );
        if out.len() + written > limit {
            return Err(too_large(limit));
        }
        out.extend_from_slice(&piece[..written]);
        match result {
            BrotliResult::NeedsMoreOutput => {}
            BrotliResult::ResultSuccess if left == 0 => return Ok(out),
            _ => return Err(corrupt("br")),
        }
    }
}

fn too_large(limit: usize) -> BodyFault {
    let limit = limit >> 10;
    BodyFault::TooLarge(format!(
        "the body becomes larger than {limit} KiB without its coding"
    ))
}

fn corrupt(name: &str) -> BodyFault {
    BodyFault::Unreadable(format!("the body is not what the coding {name} gives"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::Compression;
    use flate2::write::{DeflateEncoder, GzEncoder, ZlibEncoder};
    use std::io::Write;

    fn gzipped(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(bytes).expect("memory");
        encoder.finish().expect("memory")
    }

    /// A brotli stream that isn't compressed (RFC 7932 §9.2), of up to 65,536 octets.
    fn brotli_of(bytes: &[u8]) -> Vec<u8> {
        let head = ((bytes.len() as u32 - 1) << 4) | 1 << 20;
        [&head.to_le_bytes()[..3], bytes, &[3]].concat()
    }

    fn undone(codings: &[&str], body: Vec<u8>) -> Result<Bytes, BodyFault> {
        let mut headers = HeaderMap::new();
        for coding in codings {
            headers.append(header::CONTENT_ENCODING, coding.parse().expect("a value"));
        }
        undo(&headers, &body.into())
    }

    #[test]
    fn each_coding_is_undone_and_several_in_turn() {
        let mut zlib = ZlibEncoder::new(Vec::new(), Compression::fast());
        zlib.write_all(b"text").expect("memory");
        let mut raw = DeflateEncoder::new(Vec::new(), Compression::fast());
        raw.write_all(b"text").expect("memory");
        for (codings, body) in [
            (&["gzip"][..], gzipped(b"text")),
            (&["X-GZip"], gzipped(b"text")),
            (&["gzip"], [gzipped(b"te"), gzipped(b"xt")].concat()),
            (&["deflate"], zlib.finish().expect("memory")),
            (&["deflate"], raw.finish().expect("memory")),
            (&["br"], brotli_of(b"text")),
            (&["br, gzip"], gzipped(&brotli_of(b"text"))),
            (&["br", "identity", "gzip"], gzipped(&brotli_of(b"text"))),
            (&["identity"], b"text".to_vec()),
            (&[], b"text".to_vec()),
        ] {
            let undone = undone(codings, body);
            assert_eq!(undone.as_deref(), Ok(&b"text"[..]), "{codings:?}");
        }
        assert_eq!(undone(&["unknown"], Vec::new()), Ok(Bytes::new()));
    }

    #[test]
    fn what_is_unknown_corrupt_or_too_large_is_told_apart() {
        let cut = gzipped(b"text")[..12].to_vec();
        let more = [brotli_of(b"text"), b"x".to_vec()].concat();
        for (coding, body) in [
            ("gzip", b"text".to_vec()),
            ("gzip", cut),
            ("gzip", [gzipped(b"text"), b"x".to_vec()].concat()),
            ("gzip", gzipped(b"").repeat(MEMBERS + 1)),
            ("deflate", b"text".to_vec()),
            ("br", b"text".to_vec()),
            ("br", brotli_of(b"text")[..5].to_vec()),
            ("br", more),
        ] {
            let undone = undone(&[coding], body);
            assert!(
                matches!(undone, Err(BodyFault::Unreadable(_))),
                "{coding} {undone:?}"
            );
        }
        for codings in ["zstd", "gzip, gzip, gzip, gzip, gzip", "\u{e9}"] {
            let mut headers = HeaderMap::new();
            let value = crate::wire::HeaderValue::from_bytes(codings.as_bytes());
            headers.append(header::CONTENT_ENCODING, value.expect("a value"));
            let undone = undo(&headers, &Bytes::from_static(b"x"));
            assert!(
                matches!(undone, Err(BodyFault::UnknownCoding(_))),
                "{codings}"
            );
        }
        let zeros = vec![0; 20 << 20];
        for body in [gzipped(&zeros), gzipped(&zeros[..2 << 20])] {
            let undone = undone(&["gzip"], body).map(|bytes| bytes.len());
            assert!(matches!(undone, Err(BodyFault::TooLarge(_))), "{undone:?}");
        }
        let undone = undone(&["gzip"], gzipped(&zeros[..1 << 20]));
        assert_eq!(undone.map(|bytes| bytes.len()), Ok(1 << 20));
    }
}
