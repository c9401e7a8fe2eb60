import { expect, test } from 'vitest'
import { newId } from '../../platform/ids.ts'
import { type Address, compareAddresses, typeOf } from './model.ts'
import { exampleAddress } from './repository.contract.ts'

test('primary ones first, then the newest, those without a date last', () => {
  const userId = newId()
  const at = (day: number) => ({ createdAt: new Date(Date.UTC(2026, 0, day)) })
  const all: Address[] = [
    exampleAddress(userId, { name: 'undated', createdAt: null }),
    exampleAddress(userId, { name: 'old', ...at(1) }),
    exampleAddress(userId, { name: 'new', ...at(2) }),
    exampleAddress(userId, { name: 'primary', primary: true, ...at(1) }),
    exampleAddress(userId, { name: 'primary too', primary: true, ...at(3) }),
  ]
  expect(all.toSorted(compareAddresses).map(({ name }) => name)).toEqual([
    'primary too',
    'primary',
    'new',
    'old',
    'undated',
  ])
})

test('types of old versions are shown as today', () => {
  const shown = ['office', 'Home', 'warehouse', null].map((addressType) => typeOf({ addressType }))
  expect(shown).toEqual(['Office', 'Home', 'warehouse', 'Home'])
})
