//! Whether an operation of `ALTER TABLE` loses data.

use super::AlterOperation;
use serde::Serialize;

/// Whether data is lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Loss {
    /// None.
    Never,
    /// It depends on the rows, or on what was there before: a narrower type, another character set or engine.
    Maybe,
    /// Where there is any.
    Always,
}

impl AlterOperation {
    /// Whether it loses data.
    pub fn loss(&self) -> Loss {
        match self {
            Self::DropColumn(_)
            | Self::DropPartitions(_)
            | Self::TruncatePartitions(_)
            | Self::Tablespace { import: false, .. } => Loss::Always,
            Self::ModifyColumn { .. } | Self::ChangeColumn { .. } | Self::Convert { .. } => Loss::Maybe,
            Self::Option(option) if option.name == "ENGINE" => Loss::Maybe,
            Self::AddColumn { .. }
            | Self::AddKey(_)
            | Self::AddForeignKey(_)
            | Self::AddCheck(_)
            | Self::DropKey(_)
            | Self::DropPrimaryKey
            | Self::DropForeignKey(_)
            | Self::DropCheck(_)
            | Self::DropConstraint(_)
            | Self::RenameColumn { .. }
            | Self::RenameKey { .. }
            | Self::RenameTable(_)
            | Self::SetDefault { .. }
            | Self::DropDefault(_)
            | Self::ColumnVisible { .. }
            | Self::KeyVisible { .. }
            | Self::CheckEnforced { .. }
            | Self::Option(_)
            | Self::OrderBy(_)
            | Self::Keys { .. }
            | Self::Force
            | Self::Tablespace { import: true, .. }
            | Self::Algorithm(_)
            | Self::Lock(_)
            | Self::Validation { .. }
            | Self::PartitionBy(_)
            | Self::RemovePartitioning
            | Self::AddPartitions { .. }
            | Self::CoalescePartitions(_)
            | Self::ReorganizePartitions { .. }
            | Self::ExchangePartition { .. }
            | Self::MaintainPartitions { .. }
            | Self::SecondaryEngine { .. } => Loss::Never,
        }
    }
}
