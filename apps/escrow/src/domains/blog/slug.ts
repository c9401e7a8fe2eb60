/**
 * The part of an address that tells a post: letters, digits and marks of any script, words joined by one hyphen. Empty
 * where a title has none of these.
 */
export function slugOf(title: string): string {
  return title
    .normalize('NFC')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\p{M}]+/gu, '-')
    .slice(0, 200)
    .replaceAll(/^-+|-+$/g, '')
}

/** `slug`, or the first of `slug-2`, `slug-3` ... that nobody has. */
export function freeSlug(slug: string, taken: readonly string[]): string {
  const all = new Set(taken)
  if (!all.has(slug)) return slug
  let number = 2
  while (all.has(`${slug}-${number}`)) number += 1
  return `${slug}-${number}`
}
