import { beforeAll, describe, expect, test } from 'vitest'
import { newId, publicId } from '../../../platform/ids.ts'
import { type EscrowApp, signUp } from '../../../testing/escrow-app.ts'

/** What clients of the level API may rely on, whichever store the units are in. */
export function levelRoutesContract(freshApp: () => Promise<EscrowApp>): void {
  let escrow: EscrowApp
  let token: string
  beforeAll(async () => {
    escrow = await freshApp()
    token = await escrow.tokenFor('admin')
  })

  const path = '/api/points/admin/levels'
  const level = (number: number, minPoints: number, maxPoints?: number) => ({
    level: number,
    name: `سطح ${number}`,
    nameEn: `Level ${number}`,
    minPoints,
    maxPoints,
  })

  describe('levels', () => {
    test('what an administrator configures is what people see and reach', async () => {
      const { accessToken } = await signUp(escrow)
      const points = async () =>
        (await escrow.call('GET', '/api/points/my-points', { token: accessToken })).body
      expect((await points()).data.nextLevel).toEqual({ level: 2, minPoints: 1000 })

      const second = await escrow.call('POST', path, { token, body: level(2, 40) })
      expect(second.status).toBe(201)
      const first = await escrow.call('POST', path, { token, body: level(1, 0, 40) })
      expect(first.body.data).toMatchObject({
        maxPoints: 40,
        benefits: { discountPercent: 0, freeShipping: false },
        icon: 'solar:medal-star-bold',
        order: 1,
        isActive: true,
      })
      const { body } = await escrow.call('GET', '/api/points/levels', { token: accessToken })
      expect(body.data).toEqual([first.body.data, second.body.data])
      expect((await points()).data).toMatchObject({
        level: { level: 1 },
        nextLevel: { level: 2, minPoints: 40 },
      })
    })

    test('numbers and ranges belong to one level', async () => {
      const refused = async (body: object) => (await escrow.call('POST', path, { token, body })).body.code
      expect(await refused(level(1, 50))).toBe('LEVEL_TAKEN')
      expect(await refused(level(3, 50))).toBe('LEVEL_RANGE_OVERLAPS')
      expect(await refused(level(3, 70, 70))).toBe('LEVEL_RANGE_EMPTY')
      expect(await refused({ ...level(3, 50), minPoints: -1 })).toBe('VALIDATION_FAILED')
    })

    test('a change names what changes; an inactive level is not shown', async () => {
      const body = { ...level(7, 10), isActive: false }
      const made = (await escrow.call('POST', path, { token, body })).body.data
      const renamed = await escrow.call('PATCH', `${path}/${made.id}`, { token, body: { nameEn: 'Seven' } })
      expect(renamed.body.data).toEqual({ ...made, nameEn: 'Seven' })
      const shown = await escrow.call('GET', '/api/points/levels', { token })
      expect(shown.body.data.map(({ id }: { id: string }) => id)).not.toContain(made.id)
      const all = await escrow.call('GET', path, { token })
      expect(all.body.data.map(({ id }: { id: string }) => id)).toContain(made.id)
      const activated = await escrow.call('PATCH', `${path}/${made.id}`, { token, body: { isActive: true } })
      expect([activated.status, activated.body.code]).toEqual([409, 'LEVEL_RANGE_OVERLAPS'])
      expect((await escrow.call('DELETE', `${path}/${made.id}`, { token })).status).toBe(200)
      expect((await escrow.call('DELETE', `${path}/${made.id}`, { token })).status).toBe(404)
    })

    test('writing is for administrators', async () => {
      const buyer = await escrow.tokenFor('buyer')
      expect((await escrow.call('POST', path, { body: level(8, 1), token: buyer })).status).toBe(403)
      expect((await escrow.call('GET', '/api/points/levels')).status).toBe(401)
      const unknown = await escrow.call('PATCH', `${path}/${publicId(newId())}`, { token, body: {} })
      expect(unknown.status).toBe(404)
    })
  })
}
