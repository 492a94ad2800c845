//! Stored texts: compressed, in parts that fit an item, addressed by the checksum of the text.

use crate::DynamoLedger;
use crate::entity::{Item, at, key_of, number, number_of};
use crate::keys::{self, Key, PARTS};
use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::AttributeValue;
use model::{Checksum, Fault};
use workflow::ports::ledger::TextLedger;

/// The most compressed bytes of a part: with its other attributes it fits an item's 400 KB.
const PART: usize = 350 * 1024;
/// How hard to compress: zstd's default.
const LEVEL: i32 = 3;

/// The attribute with the number of parts.
const COUNT: &str = "parts";
/// The attribute with the number of bytes of the whole text.
const SIZE: &str = "size";
/// The attribute with the compressed bytes.
const BODY: &str = "body";

impl TextLedger for DynamoLedger {
    async fn put_text(&self, text: &str) -> Result<Checksum, Fault> {
        let checksum = Checksum::of(text.as_bytes());
        // The first part is written last, so where it is, all are.
        if self.get(&Key::text_part(&checksum, 0)).await?.is_some() {
            return Ok(checksum);
        }
        let compressed = zstd::bulk::compress(text.as_bytes(), LEVEL)
            .map_err(|error| Fault::Bug(format!("a text can't be compressed: {error}")))?;
        let parts: Vec<_> = compressed.chunks(PART).collect();
        for (index, body) in parts.iter().enumerate().rev() {
            let key = Key::text_part(&checksum, index);
            let item = Item::from([
                (COUNT.to_owned(), number(parts.len())),
                (SIZE.to_owned(), number(text.len())),
                (BODY.to_owned(), AttributeValue::B(Blob::new(*body))),
            ]);
            self.put_item(at(&key, "text", item)).await?;
        }
        Ok(checksum)
    }

    async fn text(&self, checksum: &Checksum) -> Result<Option<String>, Fault> {
        let parts = self.query(&keys::text_partition(checksum), PARTS).await?;
        match parts.first() {
            Some(first) if Key::text_part(checksum, 0) == key_of(first)? => {
                let text = join(checksum, &parts)?;
                if Checksum::of(text.as_bytes()) != *checksum {
                    return Err(damaged(checksum, "it has another checksum"));
                }
                Ok(Some(text))
            }
            Some(_) | None => Ok(None),
        }
    }
}

impl DynamoLedger {
    /// Puts an item whatever there is: for writes that may be repeated.
    pub(crate) async fn put_item(&self, item: Item) -> Result<(), Fault> {
        let request = self
            .client
            .put_item()
            .table_name(&self.table)
            .set_item(Some(item));
        match request.send().await {
            Ok(_) => Ok(()),
            Err(error) => Err(self.fault("dynamodb:PutItem", error)),
        }
    }
}

/// The text of its parts.
fn join(checksum: &Checksum, parts: &[Item]) -> Result<String, Fault> {
    let Some(first) = parts.first() else {
        return Err(damaged(checksum, "it has no parts"));
    };
    let key = Key::text_part(checksum, 0);
    let whole = |name| {
        let number = number_of(first, &key, name)?;
        usize::try_from(number).map_err(|_| damaged(checksum, "it is larger than memory"))
    };
    let (count, size) = (whole(COUNT)?, whole(SIZE)?);
    let mut compressed = Vec::new();
    for index in 0..count {
        let body = parts
            .get(index)
            .and_then(|part| part.get(BODY))
            .and_then(|body| body.as_b().ok())
            .ok_or_else(|| damaged(checksum, &format!("part {index} of {count} is missing")))?;
        compressed.extend_from_slice(body.as_ref());
    }
    let bytes = zstd::bulk::decompress(&compressed, size)
        .map_err(|error| damaged(checksum, &format!("it can't be decompressed: {error}")))?;
    String::from_utf8(bytes).map_err(|_| damaged(checksum, "it is not UTF-8"))
}

fn damaged(checksum: &Checksum, how: &str) -> Fault {
    Fault::Bug(format!(
        "the stored text at {} is damaged: {how}",
        Key::text_part(checksum, 0)
    ))
}
