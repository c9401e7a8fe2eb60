/** Chains that a shop may take payments on, by chain id: Ethereum, BSC and its testnet, Polygon, Base, Arbitrum, Tron. */
export const shopChains = [1, 56, 97, 137, 8453, 42161, 728126428] as const

export const shopTokens = ['USDC', 'USDT'] as const
export type ShopToken = (typeof shopTokens)[number]

/** What a shop takes that has not said otherwise. */
export const defaultChains: readonly number[] = [1, 56]
export const defaultTokens: readonly ShopToken[] = ['USDC', 'USDT']
