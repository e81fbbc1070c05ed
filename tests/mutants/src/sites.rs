//! Where in a source the mutants belong.

use crate::{list::Genre, switch::Refused};
use std::ops::Range;
use syn::{spanned::Spanned, visit::Visit};

/// A place that is rewritten.
pub struct Site {
    pub range: Range<usize>,
    pub kind: Kind,
    pub mutants: Vec<usize>,
}

#[derive(PartialEq)]
pub enum Kind {
    /// The statements of a function.
    Body,
    /// Operators, with all their operands.
    Expression,
    Guard,
    /// What stands behind the pattern of an arm: where the guard begins, if there is one.
    Arm(Option<usize>),
    /// `const` of a function.
    Const,
}

/// By number: where what is replaced begins and ends.
pub type Place = (usize, Range<usize>, Genre);

struct Sites<'a> {
    places: &'a [Place],
    refused: &'a mut Refused,
    sites: Vec<Site>,
    constant: bool,
}

/// The sites of `text` that have mutants of `places`, and each `const` that must go.
pub fn find(text: &str, places: &[Place], refused: &mut Refused) -> Vec<Site> {
    let mut sites = Sites {
        places,
        refused,
        sites: Vec::new(),
        constant: false,
    };
    sites.visit_file(&syn::parse_file(text).expect("valid source"));
    sites.sites
}

impl Sites<'_> {
    fn add(
        &mut self,
        range: Range<usize>,
        kind: Kind,
        belongs: impl Fn(&Range<usize>, Genre) -> bool,
    ) {
        let mutants: Vec<usize> = self
            .places
            .iter()
            .filter(|(_, place, genre)| belongs(place, *genre))
            .map(|(number, ..)| *number)
            .collect();
        if self.constant {
            self.refused.left.extend(mutants);
        } else if !mutants.is_empty() {
            self.sites.push(Site {
                range,
                kind,
                mutants,
            });
        }
    }

    fn function(
        &mut self,
        signature: &syn::Signature,
        body: &syn::Block,
        visit: impl FnOnce(&mut Self),
    ) {
        let outer = self.constant;
        if let Some(keyword) = &signature.constness {
            self.constant = self.refused.constant.contains(&signature.ident.to_string());
            if !self.constant {
                let range = keyword.span.byte_range();
                self.sites.push(Site {
                    range,
                    kind: Kind::Const,
                    mutants: Vec::new(),
                });
            }
        }
        if let (Some(first), Some(last)) = (body.stmts.first(), body.stmts.last()) {
            let range = first.span().byte_range().start..last.span().byte_range().end;
            let same = range.clone();
            self.add(range, Kind::Body, |place, genre| {
                genre == Genre::Body && *place == same
            });
        }
        visit(self);
        self.constant = outer;
    }

    /// An operator's mutants, all of the same expression.
    fn operators(&mut self, expression: &syn::Expr) {
        let mut places = Vec::new();
        operators(expression, &mut places);
        let range = expression.span().byte_range();
        self.add(range, Kind::Expression, |place, genre| {
            genre == Genre::Operator && places.contains(&place.start)
        });
    }

    fn constant(&mut self, visit: impl FnOnce(&mut Self)) {
        let outer = std::mem::replace(&mut self.constant, true);
        visit(self);
        self.constant = outer;
    }
    /// What is below the operators of an expression.
    fn below(&mut self, expression: &syn::Expr) {
        match expression {
            syn::Expr::Binary(binary) => {
                self.below(&binary.left);
                self.below(&binary.right);
            }
            syn::Expr::Unary(unary) => self.below(&unary.expr),
            other => self.visit_expr(other),
        }
    }
}

/// The operators of one expression that are not inside of a call, block, parentheses or the like.
fn operators(expression: &syn::Expr, places: &mut Vec<usize>) {
    match expression {
        syn::Expr::Binary(binary) => {
            places.push(binary.op.span().byte_range().start);
            operators(&binary.left, places);
            operators(&binary.right, places);
        }
        syn::Expr::Unary(unary) => {
            places.push(unary.op.span().byte_range().start);
            operators(&unary.expr, places);
        }
        _ => {}
    }
}

fn has_let(expression: &syn::Expr) -> bool {
    match expression {
        syn::Expr::Let(_) => true,
        syn::Expr::Binary(binary) => has_let(&binary.left) || has_let(&binary.right),
        _ => false,
    }
}

impl<'ast> Visit<'ast> for Sites<'_> {
    fn visit_item_fn(&mut self, item: &'ast syn::ItemFn) {
        self.function(&item.sig, &item.block, |this| {
            syn::visit::visit_item_fn(this, item)
        });
    }

    fn visit_impl_item_fn(&mut self, item: &'ast syn::ImplItemFn) {
        self.function(&item.sig, &item.block, |this| {
            syn::visit::visit_impl_item_fn(this, item)
        });
    }

    fn visit_trait_item_fn(&mut self, item: &'ast syn::TraitItemFn) {
        match &item.default {
            Some(body) => self.function(&item.sig, body, |this| {
                syn::visit::visit_trait_item_fn(this, item)
            }),
            None => syn::visit::visit_trait_item_fn(self, item),
        }
    }

    fn visit_expr(&mut self, expression: &'ast syn::Expr) {
        match expression {
            // Its operands, one by one: a `let` is no operand of `||`.
            syn::Expr::Binary(_) if has_let(expression) => syn::visit::visit_expr(self, expression),
            syn::Expr::Binary(_) | syn::Expr::Unary(_) => {
                self.operators(expression);
                self.below(expression);
            }
            syn::Expr::Const(block) => {
                self.constant(|this| syn::visit::visit_expr_const(this, block))
            }
            syn::Expr::Repeat(repeat) => {
                self.visit_expr(&repeat.expr);
                self.constant(|this| this.visit_expr(&repeat.len));
            }
            _ => syn::visit::visit_expr(self, expression),
        }
    }

    fn visit_arm(&mut self, arm: &'ast syn::Arm) {
        let whole = arm.span().byte_range();
        let belongs =
            |place: &Range<usize>, genre| genre == Genre::Arm && place.start == whole.start;
        match &arm.guard {
            Some((_, guard)) => {
                let range = guard.span().byte_range();
                self.add(
                    arm.pat.span().byte_range().end..range.end,
                    Kind::Arm(Some(range.start)),
                    belongs,
                );
                if !has_let(guard) {
                    let same = range.clone();
                    self.add(range, Kind::Guard, |place, genre| {
                        genre == Genre::Guard && *place == same
                    });
                }
            }
            None => {
                let end = arm.pat.span().byte_range().end;
                self.add(end..end, Kind::Arm(None), belongs);
            }
        }
        syn::visit::visit_arm(self, arm);
    }

    fn visit_item_const(&mut self, item: &'ast syn::ItemConst) {
        self.constant(|this| syn::visit::visit_item_const(this, item));
    }

    fn visit_item_static(&mut self, item: &'ast syn::ItemStatic) {
        self.constant(|this| syn::visit::visit_item_static(this, item));
    }

    fn visit_impl_item_const(&mut self, item: &'ast syn::ImplItemConst) {
        self.constant(|this| syn::visit::visit_impl_item_const(this, item));
    }

    fn visit_trait_item_const(&mut self, item: &'ast syn::TraitItemConst) {
        self.constant(|this| syn::visit::visit_trait_item_const(this, item));
    }

    fn visit_type(&mut self, kind: &'ast syn::Type) {
        self.constant(|this| syn::visit::visit_type(this, kind));
    }

    fn visit_variant(&mut self, variant: &'ast syn::Variant) {
        self.constant(|this| syn::visit::visit_variant(this, variant));
    }

    fn visit_generic_argument(&mut self, argument: &'ast syn::GenericArgument) {
        self.constant(|this| syn::visit::visit_generic_argument(this, argument));
    }
}
