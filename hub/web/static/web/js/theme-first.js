// Runs before the first paint, so that a chosen theme doesn't flash.
try {
  const theme = localStorage.getItem("headstart.theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch {
  // Storage is blocked: the system's preference stands.
}
