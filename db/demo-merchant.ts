/** The demo merchant keeps its id, so that a seed may run at every start, and its warehouse may be named beforehand. */
export const demoMerchantId = '01900000-0000-7000-8000-000000000001';
