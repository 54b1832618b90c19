/** For browsers that run no scripts: the form can't work without, and says so instead of looking as if it could. */
export function NoScript() {
  return (
    <noscript>
      <style>{'[data-needs-script] { display: none }'}</style>
      <p className="rounded-control border border-line-strong p-4">
        You were not charged. This page needs JavaScript, which keeps your card apart from it. Turn it on and load the
        page again, or go back to the shop.
      </p>
    </noscript>
  );
}
