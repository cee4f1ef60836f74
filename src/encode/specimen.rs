//! The smallest files and texts of common types, for replies of which nobody wrote an example: a
//! page that shows an image gets one.

use super::Layout;
use crate::decode::Kind;
use crate::wire::MediaType;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// A type of files.
struct File {
    media_types: &'static [&'static str],
    /// What such files have in common, and after how many octets.
    mark: (usize, &'static [u8]),
    /// The smallest: an image of one pixel, an archive of nothing, a moment of silence, a page
    /// without marks.
    smallest: &'static [u8],
}

const FILES: [File; 24] = [
    File {
        media_types: &["image/png"],
        mark: (0, b"\x89PNG\r\n"),
        smallest: include_bytes!("specimens/smallest.png"),
    },
    File {
        media_types: &["image/gif"],
        mark: (0, b"GIF8"),
        smallest: include_bytes!("specimens/smallest.gif"),
    },
    File {
        media_types: &["image/jpeg", "image/jpg", "image/pjpeg"],
        mark: (0, b"\xff\xd8\xff"),
        smallest: include_bytes!("specimens/smallest.jpg"),
    },
    File {
        media_types: &["image/webp"],
        mark: (8, b"WEBP"),
        smallest: include_bytes!("specimens/smallest.webp"),
    },
    File {
        media_types: &["image/bmp", "image/x-ms-bmp"],
        mark: (0, b"BM"),
        smallest: include_bytes!("specimens/smallest.bmp"),
    },
    File {
        media_types: &["image/x-icon", "image/vnd.microsoft.icon"],
        mark: (0, b"\0\0\x01\0"),
        smallest: include_bytes!("specimens/smallest.ico"),
    },
    File {
        media_types: &["image/svg+xml"],
        mark: (0, b"<"),
        smallest: include_bytes!("specimens/smallest.svg"),
    },
    File {
        media_types: &["application/pdf"],
        mark: (0, b"%PDF-"),
        smallest: include_bytes!("specimens/smallest.pdf"),
    },
    File {
        media_types: &["application/zip", "application/x-zip-compressed"],
        mark: (0, b"PK"),
        smallest: include_bytes!("specimens/smallest.zip"),
    },
    File {
        media_types: &["application/gzip", "application/x-gzip"],
        mark: (0, b"\x1f\x8b"),
        smallest: include_bytes!("specimens/smallest.gz"),
    },
    File {
        media_types: &["audio/wav", "audio/x-wav", "audio/wave", "audio/vnd.wave"],
        mark: (8, b"WAVE"),
        smallest: include_bytes!("specimens/smallest.wav"),
    },
    File {
        media_types: &["application/wasm"],
        mark: (0, b"\0asm"),
        smallest: include_bytes!("specimens/smallest.wasm"),
    },
    File {
        media_types: &["image/tiff"],
        mark: (0, b"II*\0"),
        smallest: include_bytes!("specimens/smallest.tiff"),
    },
    File {
        media_types: &["image/avif"],
        mark: (4, b"ftypavif"),
        smallest: include_bytes!("specimens/smallest.avif"),
    },
    File {
        media_types: &["audio/mpeg", "audio/mp3", "audio/mpeg3", "audio/x-mpeg"],
        mark: (0, b""),
        smallest: include_bytes!("specimens/smallest.mp3"),
    },
    File {
        media_types: &["audio/aac", "audio/x-aac", "audio/aacp"],
        mark: (0, b""),
        smallest: include_bytes!("specimens/smallest.aac"),
    },
    File {
        media_types: &["audio/mp4", "audio/m4a", "audio/x-m4a"],
        mark: (4, b"ftyp"),
        smallest: include_bytes!("specimens/smallest.m4a"),
    },
    File {
        media_types: &["audio/flac", "audio/x-flac"],
        mark: (0, b"fLaC"),
        smallest: include_bytes!("specimens/smallest.flac"),
    },
    File {
        media_types: &["audio/ogg", "audio/opus", "application/ogg"],
        mark: (0, b"OggS"),
        smallest: include_bytes!("specimens/smallest.ogg"),
    },
    File {
        media_types: &["video/mp4", "video/x-m4v", "application/mp4"],
        mark: (4, b"ftyp"),
        smallest: include_bytes!("specimens/smallest.mp4"),
    },
    File {
        media_types: &["video/webm", "audio/webm"],
        mark: (0, b"\x1a\x45\xdf\xa3"),
        smallest: include_bytes!("specimens/smallest.webm"),
    },
    File {
        media_types: &["application/x-tar", "application/tar"],
        mark: (0, b""),
        smallest: include_bytes!("specimens/smallest.tar"),
    },
    File {
        media_types: &[
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            "application/vnd.ms-excel",
        ],
        mark: (0, b"PK"),
        smallest: include_bytes!("specimens/smallest.xlsx"),
    },
    File {
        media_types: &["application/vnd.openxmlformats-officedocument.wordprocessingml.document"],
        mark: (0, b"PK"),
        smallest: include_bytes!("specimens/smallest.docx"),
    },
];

/// What texts of a type begin with, as short as one can be.
const TEXTS: [(&[&str], &str); 14] = [
    (
        &["text/html"],
        "<!DOCTYPE html>\n<html lang=\"en\"><meta charset=\"utf-8\"><title>Sample</title><p>Sample</p></html>\n",
    ),
    (&["text/css"], "body {}\n"),
    (
        &[
            "text/javascript",
            "application/javascript",
            "application/x-javascript",
        ],
        "\"use strict\";\n",
    ),
    (
        &["text/markdown", "text/x-markdown"],
        "# Sample\n\nA sample.\n",
    ),
    (&["text/vtt"], "WEBVTT\n\n00:00.000 --> 00:01.000\nSample\n"),
    (
        &["application/x-subrip", "text/srt", "application/srt"],
        "1\n00:00:00,000 --> 00:00:01,000\nSample\n",
    ),
    (
        &["text/calendar"],
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//sample//EN\r\nBEGIN:VEVENT\r\nUID:1@example.com\r\n\
         DTSTAMP:20260101T090000Z\r\nDTSTART:20260101T090000Z\r\nSUMMARY:Sample\r\nEND:VEVENT\r\n\
         END:VCALENDAR\r\n",
    ),
    (
        &["text/vcard", "text/x-vcard"],
        "BEGIN:VCARD\r\nVERSION:4.0\r\nFN:Sample\r\nEND:VCARD\r\n",
    ),
    (
        &[
            "application/vnd.apple.mpegurl",
            "application/x-mpegurl",
            "audio/mpegurl",
        ],
        "#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:1\n#EXT-X-ENDLIST\n",
    ),
    (
        &["application/sdp"],
        "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n",
    ),
    (&["application/rtf", "text/rtf"], "{\\rtf1\\ansi Sample}"),
    (
        &["text/turtle", "application/n-triples"],
        "<http://example.com/sample> <http://www.w3.org/2000/01/rdf-schema#label> \"Sample\" .\n",
    ),
    (&["application/toml"], "name = \"sample\"\n"),
    (&["application/graphql"], "query { __typename }\n"),
];

/// What a text that is made up says where its schema leaves it open: one of the media type.
pub fn text_of(media_type: &MediaType) -> Option<&'static str> {
    let essence = media_type.essence();
    let mut texts = TEXTS.iter();
    let found = texts.find(|(media_types, _)| media_types.contains(&essence));
    found.map(|(_, text)| *text)
}

/// Whether counterpart knows how bodies of a media type are written, or has a file of it.
pub fn has_form(media_type: &MediaType) -> bool {
    Kind::of(media_type) != Kind::Opaque
        || file(media_type).is_some()
        || text_of(media_type).is_some()
        || media_type.essence() == "application/octet-stream"
}

/// What the names of files of a media type usually end in, without the dot; nothing where that isn't
/// known.
pub fn extension(media_type: &MediaType) -> Option<&'static str> {
    let essence = media_type.essence();
    Some(match essence {
        "text/plain" => "txt",
        "text/html" => "html",
        "text/markdown" | "text/x-markdown" => "md",
        "text/calendar" => "ics",
        "text/vcard" | "text/x-vcard" => "vcf",
        "text/tab-separated-values" => "tsv",
        "application/pdf" => "pdf",
        "application/zip" | "application/x-zip-compressed" => "zip",
        "application/gzip" | "application/x-gzip" => "gz",
        "application/x-tar" | "application/tar" => "tar",
        "application/octet-stream" => "bin",
        "application/vnd.ms-excel" => "xls",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" => "xlsx",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document" => "docx",
        "application/vnd.openxmlformats-officedocument.presentationml.presentation" => "pptx",
        "image/png" => "png",
        "image/jpeg" | "image/jpg" => "jpg",
        "image/gif" => "gif",
        "image/webp" => "webp",
        "image/svg+xml" => "svg",
        "image/tiff" => "tiff",
        "audio/mpeg" | "audio/mp3" => "mp3",
        "audio/wav" | "audio/x-wav" | "audio/wave" => "wav",
        "audio/ogg" => "ogg",
        "video/mp4" => "mp4",
        "video/webm" => "webm",
        _ => match Kind::of(media_type) {
            Kind::Json => "json",
            Kind::JsonLines => "jsonl",
            Kind::Xml => "xml",
            Kind::Csv(_) => "csv",
            Kind::Yaml => "yaml",
            _ => return None,
        },
    })
}

/// Whether counterpart has a file of a media type.
pub fn has_file(media_type: &MediaType) -> bool {
    file(media_type).is_some()
}

fn file(media_type: &MediaType) -> Option<&'static File> {
    let essence = media_type.essence();
    // What is an archive by its suffix (RFC 6839 §3.6) is one of nothing.
    let essence = match essence.ends_with("+zip") {
        true => "application/zip",
        false => essence,
    };
    let mut files = FILES.iter();
    files.find(|file| file.media_types.contains(&essence))
}

/// The file that is sent in the place of what was made up, whatever the schema says it is.
pub(super) fn in_place_of(how: &Layout<'_>) -> Option<Vec<u8>> {
    let file = file(how.media_type).filter(|_| !how.is_example)?;
    let is_coded = how.shape.is_some_and(|id| how.shapes.get(id).coded);
    Some(match is_coded {
        // The schema is one of the text that the file is coded as (OpenAPI 3.1.1 §4.8.14.5).
        true => STANDARD.encode(file.smallest).into_bytes(),
        false => file.smallest.to_vec(),
    })
}

/// The file that an example has in base64, as no document has room for octets otherwise; nothing
/// where the schema says that base64 is what travels.
pub(super) fn in_base64(text: &str, how: &Layout<'_>) -> Option<Vec<u8>> {
    let is_coded = how.shape.is_some_and(|id| how.shapes.get(id).coded);
    let file = file(how.media_type).filter(|_| how.is_example && !is_coded)?;
    let text = match text.strip_prefix("data:") {
        Some(url) => url.split_once(";base64,")?.1,
        None => text,
    };
    let digits: Vec<u8> = text.bytes().filter(|b| !b.is_ascii_whitespace()).collect();
    let octets = STANDARD.decode(digits).ok()?;
    let (start, mark) = file.mark;
    let is_file = octets.get(start..)?.starts_with(mark);
    is_file.then_some(octets)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_smallest_file_of_a_type_has_its_mark() {
        for file in &FILES {
            let (start, mark) = file.mark;
            assert!(
                file.smallest[start..].starts_with(mark),
                "{:?}",
                file.media_types
            );
        }
    }
}
