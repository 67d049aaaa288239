; Functions that know each other, by `letrec`: two functions and their scope are a cycle of three,
; and that scope keeps the one around it.

(define (parity n)
  (letrec ((even (lambda (n) (if (= n 0) 'even (odd (- n 1)))))
           (odd (lambda (n) (if (= n 0) 'odd (even (- n 1))))))
    (even n)))

(write (map parity '(0 1 10 7)))
(newline)
; Calls in the last place leave nothing behind.
(write (parity 100000))
(newline)

(write (leaves-behind (lambda () (parity 3))))
(newline)
