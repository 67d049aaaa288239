; Data that refers to itself can be made, printed, compared, and let go of.

(define (print value) (write value) (newline))

(define ring (list 'a 'b 'c))
(set-cdr! (cdr (cdr ring)) ring)
(print ring)

(define self (cons 1 2))
(set-car! self self)
(print self)

(define other (list 'a 'b 'c))
(set-cdr! (cdr (cdr other)) other)
(print (equal? ring other))
(print (try (length ring) error-message))

; What is shared is no circle.
(define part '(x y))
(print (list part part))

(define (deep n) (let loop ((n n) (value '())) (if (= n 0) value (loop (- n 1) (list value)))))
(print (deep 5))
(print (equal? (deep 5000) (deep 5000)))

; Nothing else holds the rings: each is a cycle of three pairs. The other pair is one of one. The names
; a, b and c go with them, by count.
(print (leaves-behind (lambda () (set! ring 0) (set! other 0) (set! self 0))))
