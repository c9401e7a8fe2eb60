import { expect, test } from 'vitest'
import { freeSlug, slugOf } from './slug.ts'

test.each([
  ['How to choose a Phone?', 'how-to-choose-a-phone'],
  ['راهنمای خرید گوشی ۱۴', 'راهنمای-خرید-گوشی-۱۴'],
  ['  --Über  Straße!! ', 'über-straße'],
  ['🎉🎉', ''],
])('%s becomes %s', (title, slug) => {
  expect(slugOf(title)).toBe(slug)
})

test('a slug that is taken gets the first free number', () => {
  expect(freeSlug('news', [])).toBe('news')
  expect(freeSlug('news', ['news'])).toBe('news-2')
  expect(freeSlug('news', ['news-3', 'news', 'news-2', 'news-5'])).toBe('news-4')
})
