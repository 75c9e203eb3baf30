//! How a table is written down: its name and its columns, once, next to the functions that use it.

/// Declares a module with the sea-orm entity of a table; `key` columns come first and are its primary key.
///
/// There are no sea-orm relations: references live in the schema, and joins are written where they are needed.
macro_rules! table {
    ($(#[$doc:meta])* $module:ident $name:literal { key { $($key:ident : $key_type:ty),+ $(,)? } $($column:ident : $type:ty),* $(,)? }) => {
        $(#[$doc])*
        pub(in crate::store) mod $module {
            use sea_orm::entity::prelude::*;

            #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
            #[sea_orm(table_name = $name)]
            pub struct Model {
                $(#[sea_orm(primary_key, auto_increment = false)] pub $key: $key_type,)+
                $(pub $column: $type,)*
            }

            #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
            pub enum Relation {}

            impl ActiveModelBehavior for ActiveModel {}
        }
    };
}

pub(in crate::store) use table;
