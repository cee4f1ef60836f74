// Alone in its file and loaded in the head without `defer`: the chosen theme has to stand before the first
// paint, and the rest of the scripts shall not hold that back.
try {
  const theme = localStorage.getItem('counterpart.theme');
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
} catch { /* No storage here: the system's preference holds. */ }
