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

/// No text is larger: a schema, or a change with all that is known of it.
const LARGEST: usize = 256 << 20;

/// The attribute with the number of parts.
const COUNT: &str = "parts";
/// The attribute with the number of bytes of the whole text.
const SIZE: &str = "size";
/// The attribute with the compressed bytes.
const BODY: &str = "body";

impl TextLedger for DynamoLedger {
    async fn put_text(&self, text: &str) -> Result<Checksum, Fault> {
        let checksum = Checksum::of(text.as_bytes());
        // The first part is written last, so where it is, all are. What somebody altered is written anew.
        if let Some(first) = self.get(&Key::text_part(&checksum, 0)).await?
            && self.is_whole(&checksum, first).await?
        {
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
        Ok(join(checksum, &parts))
    }
}

impl DynamoLedger {
    /// Whether a text whose first part is there is what its checksum says.
    async fn is_whole(&self, checksum: &Checksum, first: Item) -> Result<bool, Fault> {
        let alone = number_of(&first, &Key::text_part(checksum, 0), COUNT).is_ok_and(|count| count == 1);
        Ok(if alone {
            join(checksum, &[first]).is_some()
        } else {
            self.text(checksum).await?.is_some()
        })
    }

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

/// The text of its parts; none where a part is missing, or anything was altered.
fn join(checksum: &Checksum, parts: &[Item]) -> Option<String> {
    let first = parts.first()?;
    let key = Key::text_part(checksum, 0);
    if key_of(first).ok()? != key {
        return None;
    }
    let whole = |name| usize::try_from(number_of(first, &key, name).ok()?).ok();
    let (count, size) = (whole(COUNT)?, whole(SIZE)?);
    let mut compressed = Vec::new();
    for index in 0..count {
        let body = parts.get(index)?.get(BODY)?.as_b().ok()?;
        compressed.extend_from_slice(body.as_ref());
    }
    // The size is as little to be trusted as the rest: nothing that we stored is larger.
    let bytes = zstd::bulk::decompress(&compressed, size.min(LARGEST)).ok()?;
    let text = String::from_utf8(bytes).ok()?;
    (Checksum::of(text.as_bytes()) == *checksum).then_some(text)
}
