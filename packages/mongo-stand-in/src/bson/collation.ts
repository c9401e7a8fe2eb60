import type { Document } from 'bson'
import { badValue, locationError, notSupported } from '../server-error.ts'

/** Compares and folds strings by the rules of one language. Made by {@link collationFrom}. */
export interface Collation {
  readonly locale: string
  compare(a: string, b: string): number
  /** Equal texts for exactly the strings that `compare` finds equal. */
  fold(text: string): string
  /** The options as the client gave them: for `listIndexes` and for comparing two collations. */
  readonly spec: Document
}

interface CollationOptions {
  strength: number
  caseLevel: boolean
  caseFirst: 'upper' | 'lower' | 'false'
  numericOrdering: boolean
}

/**
 * Reads a collation document. The locale `simple` is the binary comparison, which has no object: undefined.
 *
 * @throws ServerError BadValue for a locale or strength that does not exist; NotImplemented for options that
 *   `Intl.Collator` cannot express (`alternate: 'shifted'`, `backwards`).
 */
export function collationFrom(spec: Document | undefined | null): Collation | undefined {
  if (spec === undefined || spec === null) return undefined
  const locale: unknown = spec.locale
  if (typeof locale !== 'string')
    throw locationError(40414, "BSON field 'collation.locale' is missing but a required field")
  if (locale === 'simple') return undefined
  if (spec.alternate === 'shifted') throw notSupported("collation option alternate: 'shifted'")
  if (spec.backwards === true) throw notSupported('collation option backwards')
  const options: CollationOptions = {
    strength: spec.strength === undefined ? 3 : Number(spec.strength),
    caseLevel: spec.caseLevel === true,
    caseFirst: spec.caseFirst === 'upper' || spec.caseFirst === 'lower' ? spec.caseFirst : 'false',
    numericOrdering: spec.numericOrdering === true,
  }
  if (!(options.strength >= 1 && options.strength <= 5)) {
    throw badValue(`collation strength must be between 1 and 5, got ${options.strength}`)
  }
  const collator = collatorFor(locale, options)
  const fold = (text: string) => foldText(text, options)
  // Comparing the folded texts, with their code units to break ties, keeps order and equality in step: strings that a
  // collator of ICU calls equal but that fold differently would otherwise make an order that is not transitive.
  const compareFolded = (a: string, b: string) => collator.compare(a, b) || (a < b ? -1 : a > b ? 1 : 0)
  return { locale, compare: (a, b) => compareFolded(fold(a), fold(b)), fold, spec }
}

/** Whether two collations order and match alike; undefined is the binary one. */
export function sameCollation(a: Collation | undefined, b: Collation | undefined): boolean {
  if (a === undefined || b === undefined) return a === b
  const relevant = ({ spec }: Collation) =>
    JSON.stringify([
      spec.locale,
      Number(spec.strength ?? 3),
      spec.caseLevel ?? false,
      spec.caseFirst ?? 'off',
      spec.numericOrdering ?? false,
    ])
  return relevant(a) === relevant(b)
}

function collatorFor(locale: string, options: CollationOptions): Intl.Collator {
  try {
    return new Intl.Collator(locale.replaceAll('_', '-'), {
      sensitivity: sensitivity(options),
      numeric: options.numericOrdering,
      caseFirst: options.caseFirst,
    })
  } catch (cause) {
    if (cause instanceof RangeError) throw badValue(`Field 'locale' is invalid in: { locale: "${locale}" }`)
    throw cause
  }
}

function sensitivity({ strength, caseLevel }: CollationOptions): 'base' | 'case' | 'accent' | 'variant' {
  if (strength >= 3) return 'variant'
  if (strength === 2) return caseLevel ? 'variant' : 'accent'
  return caseLevel ? 'case' : 'base'
}

function foldText(text: string, { strength, caseLevel, numericOrdering }: CollationOptions): string {
  let folded = text.normalize('NFC')
  if (strength === 1)
    folded = folded
      .normalize('NFD')
      .replace(/\p{Mn}/gu, '')
      .normalize('NFC')
  // Upper and then lower case also joins pairs such as "ß" and "SS".
  if (strength < 3 && !caseLevel) folded = folded.toUpperCase().toLowerCase().normalize('NFC')
  return numericOrdering ? folded.replace(/(?<!\d)0+(?=\d)/g, '') : folded
}
