import { beforeAll, describe, expect, test } from 'vitest'
import { newId, publicId } from '../../../platform/ids.ts'
import type { EscrowApp } from '../../../testing/escrow-app.ts'

/** What clients of the category API may rely on, whichever store the units are in. */
export function categoryRoutesContract(freshApp: () => Promise<EscrowApp>): void {
  let escrow: EscrowApp
  let token: string
  beforeAll(async () => {
    escrow = await freshApp()
    token = await escrow.tokenFor('admin')
  })

  const path = '/api/marketplace/categories'
  const create = async (body: object) => (await escrow.call('POST', path, { token, body })).body.data

  describe('categories', () => {
    test('the tree shows what is active, in order, under its parent', async () => {
      const goods = await create({ name: 'کالا', nameEn: 'Goods', order: 2 })
      const services = await create({ name: 'خدمات', nameEn: 'Services', order: 1 })
      const books = await create({ name: 'کتاب', nameEn: 'Books', parentId: goods.id })
      await create({ name: 'hidden', nameEn: 'Hidden', parentId: goods.id, isActive: false })

      const list = await escrow.call('GET', path)
      expect(list.body.data.map(({ id }: { id: string }) => id)).toEqual([books.id, services.id, goods.id])
      const tree = await escrow.call('GET', `${path}/tree`)
      expect(tree.body.data).toMatchObject([
        { id: services.id, children: [] },
        { id: goods.id, children: [{ id: books.id, children: [] }] },
      ])
      expect((await escrow.call('GET', `${path}/${books.id}`)).body.data.parentId).toBe(goods.id)
    })

    test('names are refused where another category has them', async () => {
      await create({ name: 'Phones', nameEn: 'Phones' })
      const twin = { name: ' phones ', nameEn: 'Mobile phones' }
      const refused = await escrow.call('POST', path, { token, body: twin })
      expect([refused.status, refused.body.code]).toEqual([409, 'CATEGORY_NAME_TAKEN'])
      expect((await escrow.call('POST', path, { token, body: { ...twin, isActive: false } })).status).toBe(
        201,
      )
    })

    test('a category cannot be moved under itself, nor removed while it has children', async () => {
      const top = await create({ name: 'top', nameEn: 'top' })
      const below = await create({ name: 'below', nameEn: 'below', parentId: top.id })
      const moved = await escrow.call('PUT', `${path}/${top.id}`, { token, body: { parentId: below.id } })
      expect([moved.status, moved.body.code]).toEqual([400, 'CATEGORY_PARENT_INVALID'])
      expect((await escrow.call('DELETE', `${path}/${top.id}`, { token })).body.code).toBe('CATEGORY_IN_USE')
      expect((await escrow.call('DELETE', `${path}/${below.id}`, { token })).status).toBe(200)
      expect((await escrow.call('DELETE', `${path}/${top.id}`, { token })).status).toBe(200)
      expect((await escrow.call('GET', `${path}/${top.id}`)).status).toBe(404)
    })

    test('a change names what changes', async () => {
      const before = await create({ name: 'toys', nameEn: 'toys', icon: 'solar:toy', order: 5 })
      const { body } = await escrow.call('PUT', `${path}/${before.id}`, {
        token,
        body: { icon: null, isActive: false },
      })
      expect(body.data).toEqual({ ...before, icon: null, isActive: false })
    })

    test('writing is for administrators', async () => {
      const buyer = await escrow.tokenFor('buyer')
      const body = { name: 'x', nameEn: 'x' }
      expect((await escrow.call('POST', path, { body })).status).toBe(401)
      expect((await escrow.call('POST', path, { body, token: buyer })).status).toBe(403)
      const unknown = await escrow.call('PUT', `${path}/${publicId(newId())}`, { token, body: {} })
      expect(unknown.status).toBe(404)
    })
  })
}
