//! The smallest files of common types, for replies of which nobody wrote an example: a page that
//! shows an image gets one.

use super::Layout;
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

const FILES: [File; 12] = [
    File {
        media_types: &["image/png"],
        mark: (0, b"\x89PNG\r\n"),
        smallest:
            b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x01\0\0\0\x007n\xf9$\0\0\0\nIDATx\
          \xdac`\0\0\0\x02\0\x01\xe5'\xde\xfc\0\0\0\0IEND\xaeB`\x82",
    },
    File {
        media_types: &["image/gif"],
        mark: (0, b"GIF8"),
        smallest:
            b"GIF87a\x01\0\x01\0\x80\0\0\0\0\0\0\0\0,\0\0\0\0\x01\0\x01\0\0\x08\x04\0\x01\x04\x04\
          \0;",
    },
    File {
        media_types: &["image/jpeg", "image/jpg", "image/pjpeg"],
        mark: (0, b"\xff\xd8\xff"),
        smallest:
            b"\xff\xd8\xff\xe0\0\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0\xff\xdb\0C\0\xff\xff\xff\xff\
          \xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\
          \xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\
          \xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xc0\0\
          \x0b\x08\0\x01\0\x01\x01\x01\x11\0\xff\xc4\0\x14\0\x01\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\
          \x03\xff\xc4\0\x14\x10\x01\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\xff\xda\0\x08\x01\x01\0\0\
          ?\x007\xff\xd9",
    },
    File {
        media_types: &["image/webp"],
        mark: (8, b"WEBP"),
        smallest: b"RIFF\x1a\0\0\0WEBPVP8L\x0e\0\0\0/\0\0\0\0\x07\x10\x11\xfd\x0fDD\xff\x03",
    },
    File {
        media_types: &["image/bmp", "image/x-ms-bmp"],
        mark: (0, b"BM"),
        smallest:
            b"BMB\0\0\0\0\0\0\0>\0\0\0(\0\0\0\x01\0\0\0\x01\0\0\0\x01\0\x01\0\0\0\0\0\x04\0\0\0\
          \xc4\x0e\0\0\xc4\x0e\0\0\x02\0\0\0\x02\0\0\0\0\0\0\0\xff\xff\xff\0\0\0\0\0",
    },
    File {
        media_types: &["image/x-icon", "image/vnd.microsoft.icon"],
        mark: (0, b"\0\0\x01\0"),
        smallest:
            b"\0\0\x01\0\x01\0\x01\x01\x02\0\x01\0\x01\0C\0\0\0\x16\0\0\0\x89PNG\r\n\x1a\n\0\0\0\r\
          IHDR\0\0\0\x01\0\0\0\x01\x01\0\0\0\x007n\xf9$\0\0\0\nIDATx\xdac`\0\0\0\x02\0\x01\xe5'\
          \xde\xfc\0\0\0\0IEND\xaeB`\x82",
    },
    File {
        media_types: &["image/svg+xml"],
        mark: (0, b"<"),
        smallest: b"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"1\" height=\"1\"/>",
    },
    File {
        media_types: &["application/pdf"],
        mark: (0, b"%PDF-"),
        smallest:
            b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 \
          R]/Count 1>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 72 72]>>endobj\nxr\
          ef\n0 4\n0000000000 65535 f \n0000000009 00000 n \n0000000052 00000 n \n0000000101 0\
          0000 n \ntrailer<</Size 4/Root 1 0 R>>\nstartxref\n162\n%%EOF\n",
    },
    File {
        media_types: &["application/zip", "application/x-zip-compressed"],
        mark: (0, b"PK"),
        smallest: b"PK\x05\x06\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0",
    },
    File {
        media_types: &["application/gzip", "application/x-gzip"],
        mark: (0, b"\x1f\x8b"),
        smallest: b"\x1f\x8b\x08\0\0\0\0\0\0\x03\x03\0\0\0\0\0\0\0\0\0",
    },
    File {
        media_types: &["audio/wav", "audio/x-wav", "audio/wave", "audio/vnd.wave"],
        mark: (8, b"WAVE"),
        smallest:
            b"RIFF&\0\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0@\x1f\0\0\x80>\0\0\x02\0\x10\0data\x02\0\0\
          \0\0\0",
    },
    File {
        media_types: &["application/wasm"],
        mark: (0, b"\0asm"),
        smallest: b"\0asm\x01\0\0\0",
    },
];

fn file(media_type: &MediaType) -> Option<&'static File> {
    let essence = media_type.essence();
    let mut files = FILES.iter();
    files.find(|file| file.media_types.contains(&essence.as_str()))
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
